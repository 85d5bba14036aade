// Projects of strangers. Comes in: built packages. Goes out: folders outside the workspace with our packages
// in them, which npm takes from a registry on this machine, as it takes released ones.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withRegistry } from '../local-registry.mjs'
import { manifestOf, publishedMembers } from '../manifests.mjs'
import { execute } from './execute.mjs'

/** @typedef {Readonly<Record<string, string>>} Ranges names of packages → what is installed */
/** @typedef {import('../manifests.mjs').Published} Manifest */

/** @param {string} folder anywhere @returns {Manifest} */
export const manifestIn = (folder) => /** @type {Manifest} */ (manifestOf('.', folder))

/** Every published package: its manifest, by its name. */
export const published = new Map(publishedMembers().map(([, manifest]) => [manifest.name, manifest]))

/** Where projects are made; removed at the end. */
const place = mkdtempSync(join(tmpdir(), 'lotion-strangers-'))
process.on('exit', () => rmSync(place, { recursive: true, force: true }))

/** @type {import('../local-registry.mjs').Registry | undefined} */
let registry

/**
 * Publish all packages, at the versions of the next release, and do a task that installs them.
 * @template T
 * @param {() => Promise<T>} body @returns {Promise<T>}
 */
export function withPackages(body) {
  return withRegistry((one) => {
    registry = one
    return body()
  })
}

function theRegistry() {
  if (registry === undefined) throw new Error('projects: made inside withPackages alone')
  return registry
}

/** @type {Map<string, Promise<string>>} */
const installed = new Map()

/** @param {string} name of a folder that is not there yet @returns {string} its path */
export function newFolder(name) {
  const folder = join(place, name)
  mkdirSync(folder)
  return folder
}

/**
 * Make a project with packages, once for the same name.
 * @param {string} name
 * @param {readonly string[]} ours what of us it asks for
 * @param {Ranges} [others] and of others
 * @returns {Promise<string>} its folder
 */
export function project(name, ours, others = {}) {
  const known = installed.get(name)
  if (known !== undefined) return known
  const folder = newFolder(name)
  const made = install(folder, { private: true, type: 'module', dependencies: others }, ours).then(
    () => folder,
  )
  installed.set(name, made)
  return made
}

/**
 * Install what a manifest asks for; members of the workspace that it names become what a release makes of
 * them.
 * @param {string} folder
 * @param {Partial<Manifest> & { readonly [field: string]: unknown }} manifest
 * @param {readonly string[]} [ours] what of us it asks for besides
 */
export async function install(folder, manifest, ours = []) {
  const { versions } = theRegistry()
  const released = (/** @type {Ranges} */ ranges = {}) =>
    Object.fromEntries(
      Object.entries(ranges).map(([name, range]) => [
        name,
        range.startsWith('workspace:') ? `^${versions[name]}` : range,
      ]),
    )
  const changed = {
    ...manifest,
    dependencies: {
      ...released(manifest.dependencies),
      ...Object.fromEntries(ours.map((name) => [name, `^${versions[name]}`])),
    },
    devDependencies: released(manifest.devDependencies),
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(changed, null, 2))
  await npm(folder, 'install', ...flags)
  seeOurs(folder)
}

/** How npm installs here: scripts of others are not run, nor asked for; nothing is said. */
export const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline']

/**
 * Run npm, which takes our packages from the registry.
 * @param {string} folder @param {...string} args
 * @returns {Promise<{ text: string, output: string }>} what it said
 */
export function npm(folder, ...args) {
  return execute({ file: 'npm', args }, folder, { env: theRegistry().env })
}

/**
 * See that of our packages those are there which the project's manifest needs, one of each, as published.
 * @param {string} folder
 */
export function seeOurs(folder) {
  const { versions } = theRegistry()
  const { dependencies, devDependencies } = manifestIn(folder)
  const expected = withNeeds(Object.keys({ ...dependencies, ...devDependencies })).map(
    (name) => `node_modules/${name} ${versions[name]}`,
  )
  /** @type {{ packages: Readonly<Record<string, Manifest>> }} */
  const { packages } = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8'))
  const found = Object.entries(packages)
    .filter(([path]) => path.includes('node_modules/@lotion/'))
    .map(([path, { version }]) => `${path} ${version}`)
  if (found.toSorted().join() !== expected.toSorted().join())
    throw new Error(`installed ${found.join(', ')}, expected only ${expected.join(', ')}`)
}

/** @param {string} name */
const isOurs = (name) => name.startsWith('@lotion/')

/** @param {readonly string[]} names @returns {readonly string[]} ours among them, and what of us they need */
function withNeeds(names) {
  const all = new Set(names.filter(isOurs))
  for (const name of all) {
    const { dependencies = {}, peerDependencies = {} } = published.get(name) ?? {}
    for (const other of Object.keys({ ...dependencies, ...peerDependencies }))
      if (isOurs(other)) all.add(other)
  }
  return [...all]
}
