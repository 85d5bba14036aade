// Files of the workspace. Comes in: the working tree. Goes out: paths relative to the root, sorted, with
// forward slashes.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './spawn.mjs'

/** List the folders of packages and examples that have a package.json. @returns {string[]} */
export function memberFolders() {
  return ['packages', 'examples']
    .filter((group) => existsSync(join(root, group)))
    .flatMap((group) => readdirSync(join(root, group)).map((member) => `${group}/${member}`))
    .concat('benchmarks')
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .sort()
}

/**
 * List those of them that are compiled: what is published, and what serves its tests and measurements.
 * @returns {string[]}
 */
export const compiledFolders = () => memberFolders().filter((folder) => !folder.startsWith('examples/'))

/**
 * List the files below a folder, without what is installed, built or hidden.
 * @param {string} folder
 * @returns {string[]}
 */
export function files(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && name !== 'dist' && !name.startsWith('.'))
    .flatMap((entry) =>
      entry.isDirectory() ? files(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
    )
    .sort()
}

/**
 * Tell whether a compiled file has lost its source: the compiler never removes what it once wrote.
 * @param {string} folder the package
 * @param {string} path relative to it
 */
export function isOrphan(folder, path) {
  const compiled = /^dist\/(.*)\.(?:d\.ts|js)(?:\.map)?$/.exec(path)
  return compiled !== null && !existsSync(join(root, folder, `src/${compiled[1]}.ts`))
}
