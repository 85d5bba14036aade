// Check of the documents. Comes in: README.md, CONTRIBUTING.md, docs and the packages' READMEs. Goes out: links whose file
// exists; executable blocks type-checked and run against the built packages; `file:line` of what fails, and status 1.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { files, memberFolders } from './members.mjs'
import { main, node, root, run } from './spawn.mjs'
import { executableSnippets, relativeLinks } from './snippets.mjs'

const tsx = pathToFileURL(join(root, 'node_modules/tsx/dist/loader.mjs')).href
/** Where the blocks live while they run: in the one package that sees all others and their peers. */
const scratch = join(root, 'packages/bench/.snippets')
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
  for (const line of broken) console.log(line)
  const failed = await runAll(documents.filter(({ path }) => !path.startsWith('docs/design/')).flatMap(place))
  return broken.length + failed === 0 ? 0 : 1
})

/** @typedef {{ readonly path: string, readonly text: string }} Text */
/** @typedef {{ readonly language: string, readonly at: string, readonly file: string, readonly code: string }} Placed */

/** @param {Text} document @returns {string[]} */
function brokenLinks({ path, text }) {
  return relativeLinks(text)
    .filter(({ target }) => !existsSync(join(root, dirname(path), target)))
    .map(({ target, line }) => `${path}:${line} links to ${target}, which does not exist`)
}

/** Give each block a file, padded so that line numbers match the document's. @param {Text} document @returns {Placed[]} */
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
