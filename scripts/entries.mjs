// Entries: what users of the published packages can import. Comes in: the packages' manifests. Goes out: one
// record for each, `@lotion/tfjs/wasm` and where its types are.
import { publishedMembers } from './manifests.mjs'

/**
 * @typedef {object} Entry
 * @property {string} name `@lotion/tfjs/wasm`
 * @property {string} folder of the package, relative to the root: `packages/tfjs`
 * @property {string} subpath `.` or `./wasm`
 * @property {string} types the entry's declarations, relative to the folder: `./dist/wasm/index.d.ts`
 */

/**
 * Entries for Node alone, and what binds each to it. Every other one goes into a bundle for browsers.
 * @type {Readonly<Record<string, string>>}
 */
export const nodeEntries = {
  '@lotion/bench': 'runs on threads and processes, keeps runs in files',
  '@lotion/bench/commands': 'is a part of the command line',
  '@lotion/checkpoints': 'reads and writes files; in memory: @lotion/checkpoints/bytes',
  '@lotion/language': 'reads models from files, runs them by @lotion/onnx',
  '@lotion/text/node': 'reads text in files, keeps tokens in them',
  '@lotion/onnx': "runs onnxruntime's library; without it: @lotion/onnx/trace",
}

/** List the entries of all published packages, package by package. @returns {readonly Entry[]} */
export const publishedEntries = () =>
  publishedMembers().flatMap(([folder, manifest]) => entriesOf(folder, manifest))

/** List those that users are told of: what is internal has no page. @returns {readonly Entry[]} */
export const publicEntries = () => publishedEntries().filter(({ subpath }) => subpath !== './internal')

/**
 * List the entries that a manifest opens: those that bring types.
 * @param {string} folder
 * @param {{ readonly name: string, readonly exports?: Readonly<Record<string, unknown>> }} manifest
 * @returns {readonly Entry[]}
 */
function entriesOf(folder, { name, exports = {} }) {
  return Object.entries(exports).flatMap(([subpath, target]) => {
    const types = member(target, 'types')
    // Of an internal entry they stand behind a condition that keeps typedoc away: `"typedoc": null`.
    const path = typeof types === 'string' ? types : member(types, 'default')
    return typeof path === 'string'
      ? [{ name: `${name}${subpath.slice(1)}`, folder, subpath, types: path }]
      : []
  })
}

/** @param {unknown} record @param {string} name @returns {unknown} */
function member(record, name) {
  return typeof record === 'object' && record !== null ? Reflect.get(record, name) : undefined
}
