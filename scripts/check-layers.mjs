// Check of the layers. Comes in: the working tree. Goes out: `file:line message` for each violation, and
// status 1.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkInternal, checkLayers } from './layers.mjs'
import { files, memberFolders } from './members.mjs'
import { main, root } from './spawn.mjs'

/** @param {string} path @returns {any} */
const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'))

await main(async () => {
  const members = memberFolders().map((folder) => {
    const manifest = readJson(`${folder}/package.json`)
    return {
      folder,
      name: manifest.name,
      runtime: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
      development: Object.keys(manifest.devDependencies ?? {}),
      exported: Object.keys(manifest.exports ?? {}),
      sources: files(folder.startsWith('examples/') ? folder : `${folder}/src`)
        .filter((path) => /\.m?[jt]s$/.test(path))
        .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
    }
  })
  const problems = [
    ...[...checkLayers(members), ...checkInternal(shown())].map(
      ({ file, line, message }) => `${file}:${line} ${message}`,
    ),
    ...members.flatMap(references),
  ]
  for (const problem of problems) console.log(problem)
  if (problems.length === 0) console.log(`${members.length} workspace members keep to their layers`)
  return problems.length === 0 ? 0 : 1
})

/** @returns {readonly import('./layers.mjs').SourceText[]} What readers copy from. */
function shown() {
  const readmes = ['README.md', ...memberFolders().map((folder) => `${folder}/README.md`)]
  return [...['docs', 'examples', 'packages/cli/templates'].flatMap(files), ...readmes]
    .filter((path) => /\.(m?[jt]s|vue|md|template)$/.test(path) && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/**
 * Compare a package's project references with its dependencies: the one orders the build, the other the
 * installation.
 * @param {{ folder: string, runtime: readonly string[] }} member
 * @returns {string[]}
 */
function references({ folder, runtime }) {
  const file = `${folder}/tsconfig.build.json`
  if (folder.startsWith('examples/')) return []
  if (!existsSync(join(root, file))) return [`${file}:1 missing: copy one from another package`]
  const ours = runtime
    .filter((name) => name.startsWith('@lotion/'))
    .map((name) => name.slice('@lotion/'.length))
  const beside = folder.startsWith('packages/') ? '..' : '../packages'
  const expected = ours.map((name) => `${beside}/${name}/tsconfig.build.json`).toSorted()
  const found = pathsOf(readJson(file).references)
  const problems =
    found.join() === expected.join()
      ? []
      : [`${file}:1 references ${found.join(', ')}, expected ${expected.join(', ')}`]
  if (!pathsOf(readJson('tsconfig.json').references).includes(file))
    problems.push(`tsconfig.json:1 does not reference ${file}`)
  return problems
}

/** @param {readonly { path: string }[]} [references] */
function pathsOf(references = []) {
  return references.map(({ path }) => path).toSorted()
}
