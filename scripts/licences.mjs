// Licences of what our packages bring. Comes in: SPDX expressions, of the lockfile's packages or of an
// SBOM. Goes out: which of them the allow-list does not cover, and the page that lists all.
import satisfies from 'spdx-satisfies'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publishedMembers } from './manifests.mjs'
import { execute } from './scratch-clone.mjs'
import { pnpm, root } from './spawn.mjs'

/** Permissive licences, which ask a user for no more than to keep the notice. */
export const allowed = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
]

/** @typedef {{ readonly name: string, readonly licence: string }} Licensed */

/** @param {readonly Licensed[]} packages @returns {readonly string[]} those that are not allowed, in words */
export const refusals = (packages) =>
  packages
    .filter(({ licence }) => !isAllowed(licence))
    .map(({ name, licence }) => `${name}: found licence ${licence}, expected one of ${allowed.join(', ')}`)

/** @param {string} licence an SPDX expression, or what stands there in place of one */
function isAllowed(licence) {
  try {
    return satisfies(licence, allowed)
  } catch {
    return false
  }
}

/**
 * List what the lockfile has for users of the published packages, and the peer of gpu, which only a private
 * member has among its dependencies. Builds for one platform are left out: they have their parent's licence,
 * and another machine would install others.
 * @returns {readonly Licensed[]}
 */
export function lockedLicences() {
  const chosen = [...publishedMembers().map(([, { name }]) => name), '@lotion/matrix']
  const flags = chosen.map((name) => `--filter=${name}`)
  /** @type {Readonly<Record<string, readonly { name: string, paths: readonly string[] }[]>>} */
  const byLicence = JSON.parse(execute(pnpm(...flags, 'licenses', 'list', '--prod', '--json'), root))
  return Object.entries(byLicence).flatMap(([licence, packages]) =>
    packages.filter(({ paths }) => !paths.some(isOfOnePlatform)).map(({ name }) => ({ name, licence })),
  )
}

/** @param {string} folder */
function isOfOnePlatform(folder) {
  const path = join(folder, 'package.json')
  const manifest = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  return manifest.os?.length === 1 && manifest.cpu?.length === 1
}

/**
 * @param {readonly Licensed[]} packages that are installed
 * @param {readonly Licensed[]} carried in files of ours
 * @returns {string} the page
 */
export function pageOfLicences(packages, carried) {
  const licences = [...new Set(packages.map(({ licence }) => licence))].toSorted()
  const sections = licences.map((licence) => {
    const names = packages.filter((one) => one.licence === licence).map(({ name }) => name)
    const list = [...new Set(names)].toSorted().map((name) => `\`${name}\``)
    return `## ${licence}\n\n${list.length} ${list.length === 1 ? 'package' : 'packages'}: ${list.join(', ')}.\n`
  })
  return `# Licences of what the packages bring

@lotion itself is under Apache-2.0. Installed with all its packages and their peers, it brings the packages below, each under the licence that its own
manifest states. A check refuses others than ${allowed.join(', ')}. Written by \`npm run licences\` from the lockfile; what a
user's npm chooses today is in the list of parts (SBOM) that comes with a release.

${sections.join('\n')}
## In files of ours

\`@lotion/gpu\` has these in \`generated/gpu-js.js\`, which begins with their notices: ${carried.map(({ name, licence }) => `\`${name}\` (${licence})`).join(', ')}.
\`@lotion/tfjs\` has a part of \`@tensorflow/tfjs-core\` (Apache-2.0) in \`generated/core-gradients.js\`.
`
}
