// Command: `lotion bench engine`. Comes in: options. Goes out: a table, or lines of JSON.
// Source: docs/design/04-bench.md.

import { defineCommand, flag, maybe, wantsPlain, wholeNumber } from '@lotion/cli'
import { presetOption } from './engine-preset.js'
import { engineJson, engineTable } from './engine-text.js'
import { torchNotes } from './torch-environment.js'

/** Compare the traced engine's speed with PyTorch's and tfjs's. */
export const engineBenchCommand = defineCommand({
  path: ['bench', 'engine'],
  summary: 'compare the speed of a training step: traced engine, PyTorch, tfjs wasm',
  options: {
    preset: presetOption('micro'),
    rounds: {
      flags: '--rounds <n>',
      description: "measured steps of each engine (default: the preset's)",
      schema: maybe(wholeNumber({ min: 1, max: 100_000 })),
    },
    threads: {
      flags: '--threads <n>',
      description: 'threads of each engine (default: all cores)',
      schema: maybe(wholeNumber({ min: 1, max: 1024 })),
    },
    json: { flags: '--json', description: 'write a line of JSON for each engine and step', schema: flag },
  },
  examples: [
    'lotion bench engine',
    'lotion bench engine --preset 27m --rounds 5',
    'lotion bench engine --json',
  ],
  notes: torchNotes(),
  run: async ({ preset, rounds, threads, json }, { stdout, stderr, signal }) => {
    // Not before it is needed: other commands and the help would wait for tfjs.
    const { benchEngine } = await import('./bench-engine.js')
    const report = await benchEngine({
      preset,
      ...(rounds === undefined ? {} : { rounds }),
      ...(threads === undefined ? {} : { threads }),
      signal,
      log: (line) => stderr.write(`${line}\n`),
    })
    stdout.write(json ? engineJson(report) : engineTable(report, { plain: wantsPlain(stdout) }))
  },
})
