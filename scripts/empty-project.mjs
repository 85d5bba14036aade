// An empty project that installs all our packages. Comes in: their manifests, and the environment of a
// registry that has them. Goes out: the entries that were imported; throws if npm fails, another version of
// ours arrives or an entry cannot be imported.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execute, scope } from './scratch-clone.mjs'
import { node } from './spawn.mjs'

/** @typedef {import('./manifests.mjs').Published} Published */

/**
 * List what can be imported of a package: `@lotion/core`, `@lotion/core/…`.
 * @param {Published} manifest @returns {readonly string[]}
 */
export const entriesOf = ({ name, exports = {} }) =>
  Object.keys(exports)
    .filter((entry) => !entry.endsWith('.json') && !entry.includes('*'))
    .map((entry) => name + entry.slice(1))

/**
 * List the peers that npm leaves to the user, with their ranges: some entries need them.
 * @param {Published} manifest @returns {readonly string[]}
 */
const optionalPeers = ({ peerDependencies = {}, peerDependenciesMeta = {} }) =>
  Object.entries(peerDependencies)
    .filter(([name]) => peerDependenciesMeta[name]?.optional === true)
    .map(([name, range]) => `${name}@${range}`)

/**
 * Install packages by npm into a new folder, with what they offer to work with, and import all their entries.
 * @param {string} folder that does not exist yet @param {readonly Published[]} packages
 * @param {NodeJS.ProcessEnv} env @returns {readonly string[]} the entries
 */
export function importedFromEmpty(folder, packages, env) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, 'package.json'),
    '{ "name": "user", "version": "0.0.0", "private": true, "type": "module" }',
  )
  const own = packages.map(({ name, version }) => `${name}@${version}`)
  const wanted = [...own, ...new Set(packages.flatMap(optionalPeers))]
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts']
  execute({ file: 'npm', args: ['install', ...flags, ...wanted] }, folder, env)
  for (const name of readdirSync(join(folder, 'node_modules', scope))) {
    const path = join(folder, 'node_modules', scope, name, 'package.json')
    const { version } = JSON.parse(readFileSync(path, 'utf8'))
    if (version !== packages[0]?.version)
      throw new Error(`${scope}/${name}: found version ${version}, expected ${packages[0]?.version}`)
  }
  const entries = packages.flatMap(entriesOf)
  const program = `for (const entry of ${JSON.stringify(entries)}) {
    const names = Object.keys(await import(entry).catch((error) => { throw new Error(entry, { cause: error }) }))
    if (names.length === 0) throw new Error(entry + ': exports nothing')
  }`
  execute(node('--input-type=module', '-e', program), folder, env)
  return entries
}
