// Check of the documents. Comes in: README.md, CONTRIBUTING.md, docs, the packages' READMEs and doc comments.
// Goes out: links whose file exists; executable blocks, files that pages include and examples, type-checked
// and run in a project outside the clone, where the packages are installed as released ones; `file:line` of
// what fails, goals of the guide that no program of their page reaches, and status 1.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { guide } from '../docs/.vitepress/guide.js'
import { checkExamples } from './check-examples.mjs'
import { holdGoals } from './guide-goals.mjs'
import { files, memberFolders } from './members.mjs'
import { main, node, root, run } from './spawn.mjs'
import {
  executableSnippets,
  includedFiles,
  installsAtOnce,
  pluginCommands,
  relativeLinks,
} from './snippets.mjs'
import { manifestIn, project, published, withPackages } from './strangers/projects.mjs'
import { standingAt, topOfClone } from './top-of-clone.mjs'

/** What runs and checks a reader's TypeScript. */
const tools = ['@types/node', 'tsx', 'typescript']
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
  const executed = documents.filter(({ path }) => !path.startsWith('docs/design/'))
  const failed = await withPackages(() => runAll(executed.flatMap(blocks).concat(included(executed))))
  return broken.length + failed === 0 ? 0 : 1
})

/** @typedef {{ readonly path: string, readonly text: string }} Text */
/** @typedef {import('./snippets.mjs').Snippet['language']} Language */
/**
 * @typedef {object} Placed
 * @property {Language} language
 * @property {string} at `file:line` to say
 * @property {readonly string[]} pages that show it
 * @property {string} file
 * @property {string} code
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
 * Run what a document says about plugins as its reader would, at the top of a clone, and what `new` says
 * comes next.
 * @param {string} text
 * @returns {boolean} whether all of it worked
 */
function pluginsAsPrinted(text) {
  const commands = pluginCommands(text)
  const made = commands.filter((command) => /-- new \w+ /.test(command))
  const top = topOfClone()
  let said = ''
  const works = (/** @type {string} */ command) => {
    const { status, stdout } = spawnSync('sh', ['-c', command], {
      ...standingAt(top),
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
    rmSync(top, { recursive: true, force: true })
  }
}

/**
 * Name each block, padded so that line numbers match the document's.
 * @param {Text} document
 * @returns {Placed[]}
 */
function blocks({ path, text }) {
  return executableSnippets(text).map(({ language, code, line }) => {
    const file = `${path.replaceAll(/[/.]/g, '-')}-${line}.${language === 'ts' ? 'mts' : 'mjs'}`
    const padded = language === 'sh' ? code : `${'\n'.repeat(line)}${code}`
    return { language, at: `${path}:${line}`, pages: [path], file, code: padded }
  })
}

/**
 * Take the programs that pages include, each once.
 * @param {readonly Text[]} documents
 * @returns {Placed[]}
 */
function included(documents) {
  /** @type {Map<string, string[]>} */ const pages = new Map()
  for (const { path, text } of documents)
    for (const target of includedFiles(text)) {
      const file = join(dirname(path), target).replaceAll('\\', '/')
      pages.set(file, [...(pages.get(file) ?? []), path])
    }
  return [...pages].map(([path, shownBy]) => ({
    language: /** @type {const} */ ('ts'),
    at: path,
    pages: shownBy,
    file: `${path.replaceAll(/[/.]/g, '-')}.mts`,
    code: readFileSync(join(root, path), 'utf8'),
  }))
}

/** @param {readonly Placed[]} snippets @returns {Promise<number>} how many failures */
async function runAll(snippets) {
  const { devDependencies = {} } = manifestIn(root)
  const peers = Object.assign({}, ...[...published.values()].map(({ peerDependencies }) => peerDependencies))
  const theirs = Object.keys({ ...devDependencies, ...peers }).filter(
    (name) => name.startsWith('@tensorflow/') || (name in peers && !name.startsWith('@lotion/')),
  )
  const beside = [...tools, ...theirs]
  // The versions that are tested here, where they are named here.
  const others = Object.fromEntries(beside.map((name) => [name, devDependencies[name] ?? peers[name]]))
  const folder = await project('snippets', [...published.keys()], others)
  const away = mkdtempSync(join(tmpdir(), 'lotion-snippets-'))
  try {
    for (const { file, code } of snippets) writeFileSync(join(folder, file), code)
    const typed = snippets.filter(({ language }) => language === 'ts').map(({ file }) => file)
    let failed = (await typeCheck(folder, typed)) === 0 ? 0 : 1
    if (!runsAnywhere(snippets, away)) failed++
    /** @type {import('./guide-goals.mjs').Ran[]} */ const ran = []
    for (const snippet of snippets) {
      const { status, said } = await execute(snippet, folder)
      console.log(`${snippet.at} ${status === 0 ? 'ok' : `failed with status ${status}`}`)
      if (status !== 0) failed++
      const { code } = snippet
      for (const page of snippet.pages)
        ran.push({ page: page.replace(/^docs\/|\.md$/g, ''), code, works: status === 0, said })
    }
    const pages = guide.flatMap((group) => group.pages)
    const { goals, problems } = holdGoals(pages, 'program', ran)
    for (const problem of problems) console.log(problem)
    console.log(`${goals} goals of programs, ${problems.length} not reached`)
    failed += problems.length + (await checkExamples(folder, typeCheck))
    console.log(`${snippets.length} snippets, ${failed} failures`)
    return failed
  } finally {
    rmSync(away, { recursive: true, force: true })
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
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/run.mjs'), 'try', 'my-training.ts'], {
    ...standingAt(folder),
    stdio: 'inherit',
  })
  console.log(`$ ${command} ${status === 0 ? 'ok' : `failed with status ${status}`}`)
  return status === 0
}

/**
 * @param {Placed} snippet @param {string} folder
 * @returns {Promise<{ readonly status: number, readonly said: string }>}
 */
async function execute({ language, file, code }, folder) {
  const signal = AbortSignal.timeout(patience)
  let said = ''
  const onOutput = (/** @type {string} */ text) => {
    said += text
    process.stderr.write(text)
  }
  if (language !== 'sh')
    return { status: await run(node('--import', 'tsx', file), { cwd: folder, signal, onOutput }), said }
  // Blocks of `sh` are typed at the top of a clone.
  const top = topOfClone()
  try {
    const command = { file: 'sh', args: ['-eu', '-c', code] }
    return { status: await run(command, { ...standingAt(top), signal, onOutput }), said }
  } finally {
    rmSync(top, { recursive: true, force: true })
  }
}

/** @param {string} cwd @param {readonly string[]} paths @returns {Promise<number>} exit status */
async function typeCheck(cwd, paths) {
  // As strict as a reader's own project is likely to be: `strict`, and no more.
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2023'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  }
  writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: paths }))
  return run(node('node_modules/typescript/bin/tsc', '-p', '.'), { cwd, output: 'stderr' })
}
