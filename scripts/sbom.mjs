// The list of parts (SBOM, CycloneDX) that a user of our packages gets. Comes in: a folder, and a
// registry that has them. Goes out: npm's own list without what differs from machine to machine, and its
// licences. As a command it resolves all packages at the versions of the next release and writes the list.
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { carriedParts, carrierName } from './carried.mjs'
import { refusals } from './licences.mjs'
import { withRegistry } from './local-registry.mjs'
import { execute, withFolder } from './scratch-clone.mjs'
import { callersFolder, main } from './spawn.mjs'

/** @typedef {{ readonly id?: string, readonly name?: string }} Licence */
/** @typedef {{ readonly license?: Licence, readonly expression?: string }} Choice */
/**
 * @typedef {object} Component
 * @property {string} name
 * @property {readonly Choice[]} [licenses]
 * @property {readonly { readonly type: string }[]} [externalReferences]
 * @property {readonly Component[]} [components] that are in files of this one
 */
/** @typedef {{ readonly components: readonly Component[] }} Sbom */

/**
 * Make the list of what npm chooses in an empty project for our packages; peers that are optional are the
 * user's own choice, and not in it.
 * @param {string} folder an empty one @param {Readonly<Record<string, string>>} versions names → versions
 * @param {NodeJS.ProcessEnv} env @returns {Sbom}
 */
export function sbomOf(folder, versions, env) {
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "name": "user", "version": "0.0.0" }')
  const wanted = Object.entries(versions).map(([name, version]) => `${name}@${version}`)
  const quiet = ['--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund']
  execute({ file: 'npm', args: ['install', ...quiet, ...wanted] }, folder, env)
  const flags = ['--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'library']
  const list = JSON.parse(execute({ file: 'npm', args: ['sbom', ...flags] }, folder, env))
  const components = list.components.map((/** @type {Component} */ one) => ({
    ...one,
    ...(one.name === carrierName ? { components: carried() } : {}),
    // From which registry this machine takes it says nothing about the part: its hash does.
    externalReferences: (one.externalReferences ?? []).filter(({ type }) => type !== 'distribution'),
  }))
  return { ...list, components }
}

/** What is in a file of ours, which npm does not see. @returns {readonly Component[]} */
const carried = () =>
  carriedParts().map(({ name, version, licence }) => ({
    type: 'library',
    'bom-ref': `${carrierName}/${name}@${version}`,
    name,
    version,
    purl: `pkg:npm/${name}@${version}`,
    licenses: [{ license: { id: licence } }],
  }))

/** @param {Sbom} sbom @returns {readonly string[]} the parts whose licence is not allowed, in words */
export const refusedParts = ({ components }) =>
  refusals(
    components
      .flatMap((part) => [part, ...(part.components ?? [])])
      .map((part) => ({ name: part.name, licence: licenceOf(part) })),
  )

/** @param {Component} part */
const licenceOf = ({ licenses = [] }) =>
  licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name).join(' AND ')

/** @param {string} path where the list is written */
function write(path) {
  return withRegistry(({ env, versions }) =>
    withFolder(async (folder) => {
      const sbom = sbomOf(folder, versions, env)
      writeFileSync(path, `${JSON.stringify(sbom, null, 2)}\n`)
      const wrong = refusedParts(sbom)
      console.log([`${sbom.components.length} parts in ${path}`, ...wrong].join('\n'))
      return wrong.length === 0 ? 0 : 1
    }),
  )
}

if (process.argv[1] === import.meta.filename)
  await main(() => write(resolve(callersFolder(), process.argv[2] ?? 'sbom.cdx.json')))
