// Tests that a later Node could fail while Node 20 passes them. Comes in: nothing. Goes out: their files, one
// a line, for vitest; `.ci/run` runs them on Node 22 and 24. Source: docs/design/20-gate.md.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { files } from './members.mjs'
import { root } from './spawn.mjs'

/**
 * Folders whose work is done by what differs between Nodes. What computes alone is the same machine code of
 * V8 everywhere but for its elementary functions, which core and cpu are held to bit by bit.
 * @type {readonly string[]}
 */
const folders = [
  'packages/core/', // random numbers, bits of elementary functions
  'packages/text/', // classes of Unicode in regular expressions, streams
  'packages/checkpoints/', // files, streams, temporary names
  'packages/cli/', // plugins in TypeScript, the terminal, import of what may not be there
  'packages/cpu/', // threads, shared memory, WebAssembly
  'packages/gpu/', // a native library, WebAssembly
  'packages/onnx/', // a native library, threads, memory it shares with V8
  'packages/tfjs/', // prototypes of others, WebGPU's native library
  'packages/language/src/llama-cpp/', // a native library, threads
  'packages/matrix/', // all executors in one process
]

/**
 * Tests elsewhere that start processes or threads, some by a command in this process, serve a port, call a
 * native library by themselves, or write a module of TypeScript that is then loaded.
 */
const starts =
  /from 'node:(child_process|worker_threads|https?)'|test\/terminal\.js'|process\.execArgv|onnxruntime-|koffi|test-kit\/ggml-base|[\w-]\.ts['`],/

const textOf = (/** @type {string} */ path) => readFileSync(join(root, path), 'utf8')

const isTest = (/** @type {string} */ path) =>
  path.endsWith('.test.ts') && !path.endsWith('.extended.test.ts') && path.includes('/src/')

const chosen = ['packages', 'benchmarks']
  .flatMap((folder) => files(folder))
  .filter(isTest)
  .filter((path) => folders.some((one) => path.startsWith(one)) || starts.test(textOf(path)))

console.log(chosen.join('\n'))
