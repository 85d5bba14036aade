// Check of the documents' code. Comes in: README.md, docs/guide and the packages' READMEs. Goes out: every executable
// block type-checked and run against the built packages, `file:line` of those that fail, and status 1.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { files, memberFolders } from './members.mjs'
import { main, node, root, run } from './spawn.mjs'
import { executableSnippets } from './snippets.mjs'

const tsx = pathToFileURL(join(root, 'node_modules/tsx/dist/loader.mjs')).href
const scratch = '.snippets'
/** Where the blocks of the top-level documents live: the one package that sees all others. */
const everything = 'packages/bench'
const patience = 300_000

await main(async () => {
  const packages = memberFolders().filter((folder) => folder.startsWith('packages/'))
  const guides = existsSync(join(root, 'docs/guide'))
    ? files('docs/guide').filter((path) => path.endsWith('.md'))
    : []
  const documents = ['README.md', ...guides, ...packages.map((folder) => `${folder}/README.md`)]
  const snippets = documents
    .filter((path) => existsSync(join(root, path)))
    .flatMap((path) =>
      executableSnippets(readFileSync(join(root, path), 'utf8')).map((snippet) => place(path, snippet)),
    )
  const away = mkdtempSync(join(tmpdir(), 'lotion-snippets-'))
  const kept = snippets.filter(({ language }) => language !== 'sh')
  try {
    for (const { file, text } of kept) {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    let failed =
      (await typeCheck(kept.filter(({ language }) => language === 'ts').map(({ file }) => file))) === 0
        ? 0
        : 1
    for (const snippet of snippets) {
      const status = await execute(snippet, away)
      console.log(`${snippet.at} ${status === 0 ? 'ok' : `failed with status ${status}`}`)
      if (status !== 0) failed++
    }
    console.log(`${snippets.length} snippets of ${documents.length} documents, ${failed} failures`)
    return failed === 0 ? 0 : 1
  } finally {
    rmSync(away, { recursive: true, force: true })
    for (const folder of packages) rmSync(join(root, folder, scratch), { recursive: true, force: true })
  }
})

/** @typedef {{ language: string, at: string, file: string, text: string }} Placed */

/**
 * Give a block a file inside the package whose dependencies it may use, padded so that line numbers match the document.
 * @param {string} path @param {import('./snippets.mjs').Snippet} snippet
 * @returns {Placed}
 */
function place(path, { language, code, line }) {
  const folder = path.startsWith('packages/') ? dirname(path) : everything
  const name = `${path.replaceAll(/[/.]/g, '-')}-${line}.${language === 'ts' ? 'mts' : 'mjs'}`
  const text = `${'\n'.repeat(line)}${code}`
  return {
    language,
    at: `${path}:${line}`,
    file: join(root, folder, scratch, name),
    text: language === 'sh' ? code : text,
  }
}

/** @param {Placed} snippet @param {string} cwd @returns {Promise<number>} exit status */
function execute({ language, file, text }, cwd) {
  const signal = AbortSignal.timeout(patience)
  if (language === 'sh') return run({ file: 'sh', args: ['-eu', '-c', text] }, { signal, output: 'stderr' })
  return run(node('--import', tsx, file), { cwd, signal, output: 'stderr' })
}

/** @param {readonly string[]} paths @returns {Promise<number>} exit status */
async function typeCheck(paths) {
  if (paths.length === 0) return 0
  const project = join(root, 'node_modules/.cache/snippets.tsconfig.json')
  const compilerOptions = {
    customConditions: [],
    noUnusedLocals: false,
    typeRoots: [join(root, 'node_modules/@types')],
  }
  mkdirSync(dirname(project), { recursive: true })
  writeFileSync(
    project,
    JSON.stringify({ extends: '../../tsconfig.base.json', compilerOptions, files: paths }),
  )
  return run(node('node_modules/typescript/bin/tsc', '-p', project), { output: 'stderr' })
}
