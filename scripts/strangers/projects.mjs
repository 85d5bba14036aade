// Projects of strangers. Comes in: built packages. Goes out: folders outside the workspace with our
// packages in them from tarballs, and nothing else of ours.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { manifestOf, publishedMembers } from '../manifests.mjs'
import { pnpm, root } from '../spawn.mjs'
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

/** @type {Map<string, Promise<string>>} */
const packed = new Map()
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
 * Install from tarballs in place of released packages, for their dependencies on each other too.
 * @param {string} folder
 * @param {Partial<Manifest> & { readonly [field: string]: unknown }} manifest ranges of ours are replaced
 * @param {readonly string[]} [ours] what of us it asks for besides
 */
export async function install(folder, manifest, ours = []) {
  const { dependencies = {}, devDependencies = {}, ...rest } = manifest
  const named = [...ours, ...Object.keys({ ...dependencies, ...devDependencies })].filter(isOurs)
  const tarballs = await withNeeds(named)
  const foreign = Object.entries(devDependencies).filter(([name]) => !isOurs(name))
  const changed = {
    ...rest,
    dependencies: { ...dependencies, ...tarballs },
    devDependencies: Object.fromEntries(foreign),
    overrides: Object.fromEntries(Object.keys(tarballs).map((name) => [name, `$${name}`])),
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(changed, null, 2))
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline']
  await execute({ file: 'npm', args }, folder)
  const found = readdirSync(join(folder, 'node_modules/@lotion')).map((name) => `@lotion/${name}`)
  const expected = Object.keys(tarballs)
  if (found.toSorted().join() !== expected.toSorted().join())
    throw new Error(`installed ${found.join(', ')}, expected only ${expected.join(', ')}`)
}

/** @param {string} name */
const isOurs = (name) => name.startsWith('@lotion/')

/** @param {readonly string[]} names @returns {Promise<Ranges>} these and all of ours that they need */
async function withNeeds(names) {
  const all = new Set(names)
  for (const name of all) {
    const { dependencies = {}, peerDependencies = {} } = published.get(name) ?? {}
    for (const other of Object.keys({ ...dependencies, ...peerDependencies }))
      if (isOurs(other)) all.add(other)
  }
  const files = [...all].map(async (name) => /** @type {const} */ ([name, await tarball(name)]))
  return Object.fromEntries(await Promise.all(files))
}

/** @param {string} name @returns {Promise<string>} the `file:` address of its tarball, packed once */
function tarball(name) {
  const known = packed.get(name)
  if (known !== undefined) return known
  const folder = `packages/${name.slice('@lotion/'.length)}`
  const command = pnpm('--dir', folder, 'pack', '--json', '--pack-destination', place)
  const made = execute(command, root).then(
    ({ output }) => `file:${join(place, basename(JSON.parse(output).filename))}`,
  )
  packed.set(name, made)
  return made
}
