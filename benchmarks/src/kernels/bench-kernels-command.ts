// Command: `lotion bench kernels`. Comes in: options. Goes out: tables, or lines of JSON.
// Source: docs/design/04-bench.md, docs/design/07-cpu.md.

import { availableParallelism } from 'node:os'
import {
  blockOption,
  defineCommand,
  flag,
  formatsOption,
  formatWith,
  listOf,
  maybe,
  type ProgressLine,
  progressLine,
  several,
  wantsPlain,
  wholeNumber,
} from '@lotion/cli'
import { torchNotes } from '../engine/torch-environment.js'
import { benchKernels } from './bench-kernels.js'
import { kernelCases } from './kernel-case.js'
import { kernelJson, kernelTable } from './kernel-text.js'
import { kernelWays, wayNames } from './kernel-ways.js'

/** Compare the ways to run an optimizer step. */
export const kernelBenchCommand = defineCommand({
  path: ['bench', 'kernels'],
  summary:
    'time of an optimizer step a weight: AdamW, LOTION; WebAssembly, JavaScript, a copy, gpu.js, PyTorch',
  options: {
    weights: {
      flags: '--weights <n,…>',
      description: 'weights of the step; about 130 bytes of memory each, with all ways',
      schema: several(wholeNumber({ min: 1024, max: 250_000_000 })),
      default: String(2 ** 22),
    },
    format: formatsOption('int4', 'fp4', 'mxfp4'),
    block: blockOption,
    rounds: {
      flags: '--rounds <n>',
      description:
        'measured steps of each kind; at most 3 (2 above 16M weights) of eager PyTorch and JavaScript',
      schema: wholeNumber({ min: 1, max: 100_000 }),
      default: '20',
    },
    threads: {
      flags: '--threads <n>',
      description: 'measure 1 thread and this many (default: all cores)',
      schema: maybe(wholeNumber({ min: 1, max: 1024 })),
    },
    ways: {
      flags: '--ways <names>',
      description: `what is measured beside WebAssembly: some of ${wayNames.join(', ')}`,
      schema: listOf(wayNames),
      default: wayNames.join(','),
    },
    pin: { flags: '--no-pin', description: 'leave threads to the scheduler', schema: flag },
    json: { flags: '--json', description: 'write lines of JSON: rows, targets', schema: flag },
  },
  examples: [
    'lotion bench kernels',
    'lotion bench kernels --weights 4194304,85000000 --rounds 10',
    'lotion bench kernels --format nvfp4 --ways wasm',
  ],
  notes: torchNotes(),
  run: async ({ weights, format, block, rounds, threads, ways, pin, json }, { stdout, stderr, signal }) => {
    const most = threads ?? availableParallelism()
    for (const count of weights) {
      const shown: { what?: string; line?: ProgressLine } = {}
      try {
        const report = await benchKernels({
          weights: count,
          cases: kernelCases(format.map((name) => formatWith(name, block))),
          ways: kernelWays(ways, [...new Set([1, most])]),
          rounds,
          threads: most,
          pin,
          signal,
          log: (text) => stderr.write(`${text}\n`),
          onProgress: (label, done, total) => {
            if (label !== shown.what) {
              shown.line?.stop()
              shown.line = progressLine({ label, total, unit: 'steps', stream: stderr })
              shown.what = label
            }
            shown.line?.update({ step: done })
          },
        })
        stdout.write(json ? kernelJson(report) : kernelTable(report, { plain: wantsPlain(stdout) }))
      } finally {
        shown.line?.stop()
      }
    }
  },
})
