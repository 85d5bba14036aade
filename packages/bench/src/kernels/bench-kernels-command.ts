// Command: `lotion bench kernels`. Comes in: options. Goes out: a table, or lines of JSON.
// Source: docs/design/07-cpu.md.

import { availableParallelism } from 'node:os'
import { defineCommand } from '../cli/cli-command.js'
import { flag, maybe, wholeNumber } from '../cli/option-values.js'
import { wantsPlain } from '../console/index.js'
import { benchKernels } from './bench-kernels.js'
import { kernelJson, kernelTable } from './kernel-text.js'

/** Compare the ways to run an optimizer step. */
export const kernelBenchCommand = defineCommand({
  path: ['bench', 'kernels'],
  summary: 'time of an optimizer step a weight: AdamW, LOTION in INT4 and FP4; WebAssembly, JavaScript',
  options: {
    weights: {
      flags: '--weights <n>',
      description: 'weights of the step; 16 bytes of memory each, on each way to run it',
      schema: wholeNumber({ min: 1024, max: 250_000_000 }),
      default: String(2 ** 22),
    },
    rounds: {
      flags: '--rounds <n>',
      description: 'measured steps of each kind',
      schema: wholeNumber({ min: 1, max: 100_000 }),
      default: '20',
    },
    threads: {
      flags: '--threads <n>',
      description: 'measure 1 thread and this many (default: all cores)',
      schema: maybe(wholeNumber({ min: 1, max: 1024 })),
    },
    wasmOnly: {
      flags: '--wasm-only',
      description: 'leave out emitted JavaScript, which takes tens of times as long',
      schema: flag,
    },
    json: { flags: '--json', description: 'write a line of JSON for each step and way', schema: flag },
  },
  examples: ['lotion bench kernels', 'lotion bench kernels --weights 85000000 --rounds 5 --wasm-only'],
  run: async ({ weights, rounds, threads, wasmOnly, json }, { stdout, stderr, signal }) => {
    const report = await benchKernels({
      weights,
      rounds,
      threads: [...new Set([1, threads ?? availableParallelism()])],
      js: !wasmOnly,
      signal,
      log: (line) => stderr.write(`${line}\n`),
    })
    stdout.write(json ? kernelJson(report) : kernelTable(report, { plain: wantsPlain(stdout) }))
  },
})
