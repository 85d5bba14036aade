// Packages of others that are in files of ours. Comes in: the notices that such a file begins with. Goes
// out: their names, versions and licences, and the licence of the package of ours that has the file.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './spawn.mjs'

/** The file that packages of others are in, by scripts/bundle-gpu-js.mjs, and whose it is. */
const carrier = { folder: 'packages/gpu', path: 'generated/gpu-js.js' }

/** The package that has it. */
export const carrierName = '@lotion/gpu'

/** @typedef {{ readonly name: string, readonly version: string, readonly licence: string }} Part */

/** @returns {readonly Part[]} */
export const carriedParts = () =>
  [
    ...readFileSync(join(root, carrier.folder, carrier.path), 'utf8').matchAll(
      /^ \* (\S+) (\S+), licence (.+)$/gm,
    ),
  ].map(([, name = '', version = '', licence = '']) => ({ name, version, licence }))

/**
 * @param {string | undefined} ours what our own files are under @param {string} folder of a member
 * @returns {string | undefined} the licence of all that is in its tarball
 */
export const licenceOf = (ours, folder) =>
  ours !== undefined && folder === carrier.folder
    ? [...new Set([ours, ...carriedParts().map(({ licence }) => licence)])].join(' AND ')
    : ours
