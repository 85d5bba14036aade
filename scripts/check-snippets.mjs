// Check of the documents. Comes in: README.md, CONTRIBUTING.md, docs and the packages' READMEs. Goes out:
// links whose file exists; executable blocks type-checked and run against the built packages; `file:line` of
// what fails, and status 1.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { files, memberFolders } from './members.mjs'
import { main, node, root, run } from './spawn.mjs'
import { executableSnippets, installsAtOnce, pluginCommands, relativeLinks } from './snippets.mjs'

const tsx = pathToFileURL(join(root, 'node_modules/tsx/dist/loader.mjs')).href
/** Where the blocks live while they run: in the root, which sees all packages and their peers. */
const scratch = join(root, '.snippets')
const patience = 300_000

await main(async () => {
  const documents = [
    'README.md',
    'CONTRIBUTING.md',
    ...(existsSync(join(root, 'docs'))
      ? files('docs').filter((path) => /^docs\/(?!api\/).*\.md$/.test(path))
      : []),
    ...memberFolders().map((folder) => `${folder}/README.md`),
  ]
    .filter((path) => existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
  const broken = documents.flatMap(brokenLinks)
  // Packages of version 0.0.0 were never published.
  const released =
    JSON.parse(readFileSync(join(root, 'packages/core/package.json'), 'utf8')).version !== '0.0.0'
  if (!released) broken.push(...documents.flatMap(prematureInstalls))
  for (const line of broken) console.log(line)
  if (!pluginsAsPrinted(documents[0]?.text ?? '')) broken.push('README.md: commands about plugins')
  const failed = await runAll(documents.filter(({ path }) => !path.startsWith('docs/design/')).flatMap(place))
  return broken.length + failed === 0 ? 0 : 1
})

/** @typedef {{ readonly path: string, readonly text: string }} Text */
/**
 * @typedef {{ readonly language: string, readonly at: string, readonly file: string, readonly code: string }}
 * Placed
 */

/** @param {Text} document @returns {string[]} */
function brokenLinks({ path, text }) {
  return relativeLinks(text)
    .filter(({ target }) => !existsSync(join(root, dirname(path), target)))
    .map(({ target, line }) => `${path}:${line} links to ${target}, which does not exist`)
}

/** @param {Text} document @returns {string[]} */
function prematureInstalls({ path, text }) {
  return installsAtOnce(text).map(
    ({ text: found, line }) => `${path}:${line} expected "once published" in the line, found: ${found}`,
  )
}

/**
 * Run what a document says about plugins as its reader would, at the top of the clone, and what `new` says
 * comes next.
 * @param {string} text
 * @returns {boolean} whether all of it worked
 */
function pluginsAsPrinted(text) {
  const commands = pluginCommands(text)
  const made = commands
    .flatMap((command) => /-- new \w+ (\S+)$/.exec(command)?.[1] ?? [])
    .map((name) => join(root, name))
  const taken = made.find((folder) => existsSync(folder))
  if (taken !== undefined)
    throw new Error(`expected nothing at ${taken}: README.md makes it; move yours away`)
  let said = ''
  const works = (/** @type {string} */ command) => {
    const { status, stdout } = spawnSync('sh', ['-c', command], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    said += stdout
    console.log(`$ ${command} ${status === 0 ? 'ok' : `failed with status ${status}`}`)
    return status === 0
  }
  try {
    const printed = commands.length >= 2 && made.length > 0 && commands.every(works)
    const next = [...said.matchAll(/^next: (.*)$/gm)].map(([, command = '']) => command)
    return printed && next.length === made.length && next.every(works)
  } finally {
    for (const folder of made) rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Give each block a file, padded so that line numbers match the document's.
 * @param {Text} document
 * @returns {Placed[]}
 */
function place({ path, text }) {
  return executableSnippets(text).map(({ language, code, line }) => {
    const name = `${path.replaceAll(/[/.]/g, '-')}-${line}.${language === 'ts' ? 'mts' : 'mjs'}`
    const padded = language === 'sh' ? code : `${'\n'.repeat(line)}${code}`
    return { language, at: `${path}:${line}`, file: join(scratch, name), code: padded }
  })
}

/** @param {readonly Placed[]} snippets @returns {Promise<number>} how many failures */
async function runAll(snippets) {
  const away = mkdtempSync(join(tmpdir(), 'lotion-snippets-'))
  try {
    mkdirSync(scratch, { recursive: true })
    for (const { file, code } of snippets) writeFileSync(file, code)
    const typed = snippets.filter(({ language }) => language === 'ts').map(({ file }) => file)
    let failed = (await typeCheck(typed)) === 0 ? 0 : 1
    if (!runsAnywhere(snippets, away)) failed++
    for (const snippet of snippets) {
      const status = await execute(snippet, away)
      console.log(`${snippet.at} ${status === 0 ? 'ok' : `failed with status ${status}`}`)
      if (status !== 0) failed++
    }
    console.log(`${snippets.length} snippets, ${failed} failures`)
    return failed
  } finally {
    for (const folder of [away, scratch]) rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Run the README's first block as a file of the reader's own, outside the clone, as the README says.
 * @param {readonly Placed[]} snippets @param {string} folder @returns {boolean}
 */
function runsAnywhere(snippets, folder) {
  const first = snippets.find(({ at, language }) => at.startsWith('README.md:') && language === 'ts')
  if (first === undefined) throw new Error('README.md: expected a block of TypeScript, found none')
  writeFileSync(join(folder, 'my-training.ts'), first.code)
  const command = 'npm run -s try my-training.ts'
  // npm runs scripts at the top and says in INIT_CWD where its caller stood.
  const env = { ...process.env, INIT_CWD: folder }
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/run.mjs'), 'try', 'my-training.ts'], {
    env,
    stdio: 'inherit',
  })
  console.log(`$ ${command} ${status === 0 ? 'ok' : `failed with status ${status}`}`)
  return status === 0
}

/** @param {Placed} snippet @param {string} cwd @returns {Promise<number>} exit status */
function execute({ language, file, code }, cwd) {
  const signal = AbortSignal.timeout(patience)
  if (language === 'sh') return run({ file: 'sh', args: ['-eu', '-c', code] }, { signal, output: 'stderr' })
  return run(node('--import', tsx, file), { cwd, signal, output: 'stderr' })
}

/** @param {readonly string[]} paths @returns {Promise<number>} exit status */
async function typeCheck(paths) {
  if (paths.length === 0) return 0
  const project = join(root, 'node_modules/.cache/snippets.tsconfig.json')
  // As strict as a reader's own project is likely to be: `strict`, and no more.
  const compilerOptions = {
    customConditions: [],
    noUnusedLocals: false,
    noUncheckedIndexedAccess: false,
    exactOptionalPropertyTypes: false,
    typeRoots: [join(root, 'node_modules/@types')],
  }
  mkdirSync(dirname(project), { recursive: true })
  writeFileSync(
    project,
    JSON.stringify({ extends: '../../tsconfig.base.json', compilerOptions, files: paths }),
  )
  return run(node('node_modules/typescript/bin/tsc', '-p', project), { output: 'stderr' })
}
