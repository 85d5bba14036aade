// What packages weigh on disk. Comes in: projects of strangers with one package each; `--write`. Goes out: a
// check that they keep to their limits and that docs/results/sizes-on-disk.md tells them.
import { lstatSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../spawn.mjs'
import { manifestIn, project, published } from './projects.mjs'

const page = 'docs/results/sizes-on-disk.md'

/** What brings tables of byte pairs, which are data: told apart. */
const tables = 'gpt-tokenizer'

/**
 * Most MB (10⁶ bytes) of a package with what it depends on, without peers and tables.
 * @type {Readonly<Record<string, number>>}
 */
const limits = { '@lotion/gpu': 3, '@lotion/models': 60, '@lotion/onnx': 330 }

/** What may change without a word: npm takes the newest of others that our ranges allow. */
const SHARE = 0.2
const LEAST = 0.5

/** @typedef {{ ours: number, others: number, tables: number, peers: number }} Weight in MB */

/** The first check: others install more into the same projects. @type {import('./main.mjs').Check} */
export const onDisk = { what: 'sizes on disk', where: 'npm', run: sizes }

async function sizes() {
  /** @type {Map<string, Weight>} */ const found = new Map()
  for (const name of published.keys())
    found.set(name, weightOf(await project(`alone-${name.slice('@lotion/'.length)}`, [name])))
  const rows = [...found].map(([name, weight]) => [
    `\`${name}\``,
    ...[weight.ours, weight.others, weight.tables, weight.peers].map((megabytes) => megabytes.toFixed(1)),
    String(limits[name] ?? ''),
  ])
  const wrong = [...found].flatMap(([name, { ours, others }]) =>
    ours + others > (limits[name] ?? Infinity)
      ? [`${name}: expected at most ${limits[name]} MB, found ${(ours + others).toFixed(1)}`]
      : [],
  )
  const known = join(root, page)
  if (process.argv.includes('--write')) writeFileSync(known, written(rows))
  // What others build for a system differs in size from one to the next.
  else if (process.platform === 'linux' && process.arch === 'x64') {
    const told = figuresIn(readFileSync(known, 'utf8'))
    for (const [name, ...figures] of rows) {
      const before = told.get(name ?? '')
      if (!figures.every((text, i) => isClose(Number(text), before?.[i])))
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

/** @param {number} found @param {number | undefined} told */
const isClose = (found, told) => told !== undefined && Math.abs(found - told) <= Math.max(LEAST, SHARE * told)

/** @param {string} text of the page @returns {Map<string, readonly number[]>} */
const figuresIn = (text) =>
  new Map(
    [...text.matchAll(/^\| (`@lotion\/[^|]*?) *\|(.*)\|$/gm)].map(([, name = '', cells = '']) => [
      name,
      cells.split('|').map(Number),
    ]),
  )

/** @param {readonly (readonly string[])[]} rows */
function written(rows) {
  const head = ['installed', 'of @lotion', 'of others', 'BPE tables', 'peers', 'limit']
  const table = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
  return `# Sizes on disk

What \`npm install\` of one package brings, with nothing else in the project: MB (10⁶ bytes) of files, on Linux x64. Of @lotion: the package and those of ours that
it needs, with their sources and maps. Peers that npm installs are those that a project shares with its own TensorFlow.js. A limit is for what is of @lotion and of others, without tables
and peers. Written by \`npm run strangers -- sizes --write\`; \`npm run strangers\` compares, with room for what others release (${SHARE * 100} %, or ${LEAST} MB).

${table}
`
}
