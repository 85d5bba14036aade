// What packages weigh on disk. Comes in: projects of strangers with one package each; `--write`. Goes out: a
// check that they keep to their limits and that docs/results/sizes-on-disk.md tells them.
import { lstatSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { markdownTable } from '../markdown-table.mjs'
import { root } from '../spawn.mjs'
import { manifestIn, project, published } from './projects.mjs'

const page = 'docs/results/sizes-on-disk.md'

/** What brings tables of byte pairs, which are data: told apart. */
const tables = 'gpt-tokenizer'

/**
 * Most MB (10⁶ bytes) of all that an installation of each package brings, peers and tables with it: what was
 * found and a twentieth. Whoever raises one says in the commit what the bytes are for.
 * @type {Readonly<Record<string, number>>}
 */
const limits = {
  '@lotion/bench': 447,
  '@lotion/checkpoints': 11.1,
  '@lotion/cli': 13.8,
  '@lotion/conformance': 2.9,
  '@lotion/core': 0.7,
  '@lotion/cpu': 1.4,
  '@lotion/export': 42,
  '@lotion/fisher': 0.8,
  '@lotion/formats': 1.1,
  '@lotion/gpu': 1.9,
  '@lotion/language': 420,
  '@lotion/models': 41.5,
  '@lotion/noise': 0.8,
  '@lotion/onnx': 376,
  '@lotion/optim': 2.3,
  '@lotion/text': 31.2,
  '@lotion/tfjs': 42.5,
}

/**
 * What was wished, without peers and tables of byte pairs; the page says how far it is reached, with peers
 * too.
 * @type {Readonly<Record<string, number>>}
 */
const targets = { '@lotion/models': 60, '@lotion/onnx': 330 }

/**
 * What may change without a word: of others, since npm takes the newest that our ranges allow; of ours, next
 * to nothing.
 */
const room = { others: { share: 0.1, least: 0.3 }, ours: { share: 0.05, least: 0.1 } }

/** @typedef {{ ours: number, others: number, tables: number, peers: number }} Weight in MB */

/** @param {Weight} weight */
const totalOf = ({ ours, others, tables, peers }) => ours + others + tables + peers

/** The first check: others install more into the same projects. @type {import('./main.mjs').Check} */
export const onDisk = { what: 'sizes on disk', where: 'npm', run: sizes }

async function sizes() {
  /** @type {Map<string, Weight>} */ const found = new Map()
  for (const name of published.keys())
    found.set(name, weightOf(await project(`alone-${name.slice('@lotion/'.length)}`, [name])))
  const rows = [...found].map(([name, weight]) => [
    `\`${name}\``,
    ...[weight.ours, weight.others, weight.tables, weight.peers, totalOf(weight)].map((megabytes) =>
      megabytes.toFixed(1),
    ),
    String(limits[name] ?? ''),
  ])
  const wrong = [...found].flatMap(([name, weight]) => {
    const [limit, total] = [limits[name], totalOf(weight)]
    if (limit !== undefined && total <= limit) return []
    return [
      `${name}: expected ${limit === undefined ? 'a limit' : `at most ${limit} MB`}, found ${total.toFixed(1)} MB`,
    ]
  })
  const known = join(root, page)
  if (process.argv.includes('--write')) writeFileSync(known, written(rows, found))
  // What others build for a system differs in size from one to the next.
  else if (process.platform === 'linux' && process.arch === 'x64') {
    const told = figuresIn(readFileSync(known, 'utf8'))
    for (const [name, ...figures] of rows) {
      const before = told.get(name ?? '')
      if (!figures.every((text, i) => isClose(Number(text), before?.[i], i === 0 ? room.ours : room.others)))
        wrong.push(
          `${page}: tells ${before?.join(', ') ?? 'nothing'} of ${name}, found ${figures.join(', ')}`,
        )
    }
    if (told.size !== rows.length) wrong.push(`${page}: ${told.size} packages, expected ${rows.length}`)
    if (wrong.length > 0) wrong.push('npm run strangers -- sizes --write writes the page')
  }
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
  return `${rows.length} packages`
}

/**
 * Add up files by who brings them. npm notes which packages are there as peers alone.
 * @param {string} folder @returns {Weight}
 */
function weightOf(folder) {
  const modules = join(folder, 'node_modules')
  /** @type {{ packages: Readonly<Record<string, { peer?: boolean }>> }} */
  const { packages } = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8'))
  const weight = { ours: 0, others: 0, tables: 0, peers: 0 }
  for (const [path, { peer = false }] of Object.entries(packages)) {
    const { name } = manifestIn(join(folder, path))
    const who = name.startsWith('@lotion/') ? 'ours' : name === tables ? 'tables' : peer ? 'peers' : 'others'
    weight[who] += bytesIn(join(folder, path)) / 1e6
  }
  return weight
}

/** @param {string} folder of a package @returns {number} bytes of its files, without packages inside it */
function bytesIn(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return entry.name === 'node_modules' ? 0 : bytesIn(path)
      return entry.isFile() ? lstatSync(path).size : 0
    })
    .reduce((sum, bytes) => sum + bytes, 0)
}

/** @param {number} found @param {number | undefined} told @param {{ share: number, least: number }} room */
const isClose = (found, told, { share, least }) =>
  told !== undefined && Math.abs(found - told) <= Math.max(least, share * told) + 1e-9

/** @param {string} text of the page @returns {Map<string, readonly number[]>} */
const figuresIn = (text) =>
  new Map(
    [...text.matchAll(/^\| (`@lotion\/[^|]*?) *\|(.*)\|$/gm)].map(([, name = '', cells = '']) => [
      name,
      cells.split('|').map(Number),
    ]),
  )

/**
 * Say how far a target is reached.
 * @param {ReadonlyMap<string, Weight>} found @returns {string}
 */
const reached = (found) =>
  Object.entries(targets)
    .map(([name, target]) => {
      const { ours = NaN, others = NaN, peers = NaN } = found.get(name) ?? {}
      const [without, all] = [ours + others, ours + others + peers]
      const outcome =
        without > target ? 'missed' : all > target ? 'kept without peers, missed with them' : 'kept'
      return `- \`${name}\`: ${target} MB; ${without.toFixed(1)} MB without peers and tables, ${all.toFixed(1)} MB with peers: ${outcome}.`
    })
    .join('\n')

/** @param {readonly (readonly string[])[]} rows @param {ReadonlyMap<string, Weight>} found */
function written(rows, found) {
  const head = ['installed', 'of @lotion', 'of others', 'BPE tables', 'peers', 'all', 'limit']
  return `# Sizes on disk

What \`npm install\` of one package brings, with nothing else in the project: MB (10⁶ bytes) of files, on Linux x64. Of @lotion: the package and those of ours that
it needs, with their sources and maps. Peers are those that npm installs, which a project shares with its own TensorFlow.js or onnxruntime. The limit is for all of it, and was set to
what was found and a twentieth. Written by \`npm run strangers -- sizes --write\`; \`npm run strangers\` compares each figure too, with room for what others release
(${room.others.share * 100} %, or ${room.others.least} MB), and for ours ${room.ours.share * 100} %, or ${room.ours.least} MB.

${markdownTable(head, rows)}

Targets, without peers and tables of byte pairs:

${reached(found)}
`
}
