// Command: `lotion bench matmul`. Comes in: options. Goes out: a table, or lines of JSON.
// Source: docs/design/07-cpu.md, "Matrix products".

import { availableParallelism } from 'node:os'
import { defineCommand, flag, maybe, wantsPlain, wholeNumber } from '@lotion/cli'
import { enginePresets, presetOption } from '../engine/engine-preset.js'
import { torchNotes } from '../engine/torch-environment.js'
import { matmulJson, matmulTable } from './matmul-text.js'

/** Compare the ways to multiply matrices. */
export const matmulBenchCommand = defineCommand({
  path: ['bench', 'matmul'],
  summary: "speed of a training step's matrix products: our WebAssembly, tfjs wasm, PyTorch",
  options: {
    preset: presetOption('micro'),
    rounds: {
      flags: '--rounds <n>',
      description: 'measured products of each size and way',
      schema: wholeNumber({ min: 1, max: 100_000 }),
      default: '10',
    },
    threads: {
      flags: '--threads <n>',
      description: 'measure 1 thread and this many (default: all cores)',
      schema: maybe(wholeNumber({ min: 1, max: 1024 })),
    },
    withoutTorch: { flags: '--without-torch', description: 'leave PyTorch out', schema: flag },
    json: { flags: '--json', description: 'write a line of JSON for each product and way', schema: flag },
  },
  examples: ['lotion bench matmul', 'lotion bench matmul --preset 27m --rounds 3 --without-torch'],
  notes: torchNotes(),
  run: async ({ preset, rounds, threads, withoutTorch, json }, { stdout, stderr, signal }) => {
    // Not before it is needed: other commands and the help would wait for tfjs.
    const { benchMatmul } = await import('./bench-matmul.js')
    const report = await benchMatmul({
      preset: enginePresets[preset],
      rounds,
      threads: [...new Set([1, threads ?? availableParallelism()])],
      withoutTorch,
      signal,
      log: (line) => stderr.write(`${line}\n`),
    })
    stdout.write(json ? matmulJson(report) : matmulTable(report, { plain: wantsPlain(stdout) }))
  },
})
