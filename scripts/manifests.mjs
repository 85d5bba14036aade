// What the manifests of all packages have in common. Comes in: the root's package.json, the one place that
// says where the sources, the homepage and the reports of faults are, and the members' manifests. Goes out:
// the fields that follow for each member, and what is wrong, in words.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { memberFolders } from './members.mjs'
import { licenceOf } from './carried.mjs'
import { root } from './spawn.mjs'

/**
 * @typedef {object} Manifest
 * @property {string} [name]
 * @property {string} [version]
 * @property {string} [description]
 * @property {boolean} [private]
 * @property {string} [license]
 * @property {{ readonly type?: string, readonly url?: string, readonly directory?: string }} [repository]
 * @property {string} [homepage]
 * @property {{ readonly url?: string }} [bugs]
 * @property {{ readonly node?: string }} [engines]
 * @property {{ readonly access?: string }} [publishConfig]
 * @property {Readonly<Record<string, string>>} [dependencies]
 * @property {Readonly<Record<string, string>>} [devDependencies]
 * @property {Readonly<Record<string, string>>} [peerDependencies]
 * @property {Readonly<Record<string, { readonly optional?: boolean }>>} [peerDependenciesMeta]
 * @property {Readonly<Record<string, unknown>>} [exports]
 */

/** @typedef {readonly (readonly [string, Manifest])[]} Members folders with their manifests */
/** @typedef {Manifest & { readonly name: string, readonly version: string }} Published */

/** @param {string} folder relative to the root of `tree` @param {string} [tree] @returns {Manifest} */
export const manifestOf = (folder, tree = root) =>
  JSON.parse(readFileSync(join(tree, folder, 'package.json'), 'utf8'))

/** @param {string} [tree] a clone; by default the working tree @returns {Members} */
export const manifestsOfMembers = (tree = root) =>
  memberFolders().map((folder) => [folder, manifestOf(folder, tree)])

/**
 * List what is published, without what is private.
 * @param {string} [tree] a clone; by default the working tree
 * @returns {readonly (readonly [folder: string, manifest: Published])[]}
 */
export const publishedMembers = (tree = root) =>
  manifestsOfMembers(tree)
    .filter(([folder, manifest]) => folder.startsWith('packages/') && manifest.private !== true)
    // npm takes none without these.
    .map(([folder, manifest]) => [folder, /** @type {Published} */ (manifest)])

/**
 * List the addresses that the root's manifest does not tell: none of them may be missing in a release.
 * @param {Manifest} top @returns {readonly string[]}
 */
export function missingAddresses({ repository, homepage, bugs }) {
  const addresses = { 'repository.url': repository?.url, homepage, 'bugs.url': bugs?.url }
  return Object.entries(addresses)
    .filter(([, value]) => !value)
    .map(([name]) => name)
}

/**
 * Make the fields that a published package takes from the root: undefined where the root does not tell.
 * @param {Manifest} top @param {string} folder
 * @returns {{ [Field in 'repository' | 'homepage' | 'bugs']: Manifest[Field] | undefined }}
 */
export function sharedFields({ repository, homepage, bugs }, folder) {
  return {
    repository: repository?.url ? { ...repository, directory: folder } : undefined,
    homepage: homepage || undefined,
    bugs: bugs?.url ? bugs : undefined,
  }
}

/**
 * Hold the members' manifests to what they share, and the ranges of what they depend on to their rules.
 * @param {Manifest} top the root's @param {Members} members @returns {readonly string[]} what is wrong
 */
export function problemsOfManifests(top, members) {
  const published = members.filter(([, manifest]) => manifest.private !== true)
  return [
    ...inexact(top),
    ...members.flatMap(([folder, { engines }]) =>
      differs(`${folder} engines.node`, engines?.node, top.engines?.node),
    ),
    ...published.flatMap(([folder, manifest]) => [
      ...differs(`${folder} license`, manifest.license, licenceOf(top.license, folder)),
      ...differs(`${folder} publishConfig.access`, manifest.publishConfig?.access, 'public'),
      ...Object.entries(sharedFields(top, folder)).flatMap(([field, value]) =>
        differs(`${folder} ${field}`, Reflect.get(manifest, field), value),
      ),
      ...ranges(folder, manifest),
    ]),
  ]
}

/** @param {Manifest} top */
function inexact({ devDependencies = {} }) {
  return Object.entries(devDependencies)
    .filter(([, range]) => !/^(\d|workspace:|npm:typescript@\d)/.test(range))
    .map(([name, range]) => `package.json ${name}: found ${range}, expected an exact version of a tool`)
}

/** @param {string} what @param {unknown} found @param {unknown} expected */
function differs(what, found, expected) {
  const how = what.endsWith('publishConfig.access') ? '' : ': npm run manifests writes it'
  const [is, should] = [found, expected].map((value) => JSON.stringify(value) ?? 'nothing')
  return is === should ? [] : [`${what}: found ${is}, expected ${should}${how}`]
}

/**
 * A library asks for a range, so that its users get corrections and share one copy; the lockfile is for our
 * own tests. A peer of our own scope would make changesets raise every minor release to a major one.
 * @param {string} folder @param {Manifest} manifest
 */
function ranges(folder, { dependencies = {}, peerDependencies = {} }) {
  const isOurs = (/** @type {string} */ name) => name.startsWith('@lotion/')
  const own = Object.entries(dependencies).filter(([name, range]) => isOurs(name) && range !== 'workspace:^')
  const others = Object.entries(dependencies).filter(
    ([name, range]) => !isOurs(name) && !/^\^\d+\.\d+\.\d+$/.test(range),
  )
  return [
    ...own.map(([name, range]) => `${folder} ${name}: found ${range}, expected workspace:^`),
    ...others.map(([name, range]) => `${folder} ${name}: found ${range}, expected a caret range, ^1.2.3`),
    ...Object.keys(peerDependencies)
      .filter(isOurs)
      .map(
        (name) => `${folder} ${name}: a peer, expected a dependency: changesets makes a major of each peer`,
      ),
  ]
}
