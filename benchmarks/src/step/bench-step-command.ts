// Command: `lotion bench step`. Comes in: options. Goes out: a table, or lines of JSON.
// Source: docs/design/04-bench.md.

import {
  blockOption,
  defineCommand,
  flag,
  formatOption,
  formatWith,
  maybe,
  type ProgressLine,
  progressLine,
  wantsPlain,
  wholeNumber,
} from '@lotion/cli'
import { presetOption } from '../engine/engine-preset.js'

/** Measure what LOTION costs in a whole training step. */
export const stepBenchCommand = defineCommand({
  path: ['bench', 'step'],
  summary: 'time and memory that LOTION adds to a whole training step with AdamW',
  options: {
    preset: presetOption('27m'),
    format: formatOption('int4'),
    block: blockOption,
    rounds: {
      flags: '--rounds <n>',
      description: 'measured steps with each optimizer',
      schema: wholeNumber({ min: 1, max: 100_000 }),
      default: '20',
    },
    threads: {
      flags: '--threads <n>',
      description: 'threads of engine and executor (default: all cores)',
      schema: maybe(wholeNumber({ min: 1, max: 1024 })),
    },
    json: { flags: '--json', description: 'write a line of JSON for each optimizer', schema: flag },
  },
  examples: ['lotion bench step', 'lotion bench step --preset micro --format fp4 --rounds 50'],
  run: async ({ preset, format, block, rounds, threads, json }, { stdout, stderr, signal }) => {
    // Not before they are needed: other commands and the help would wait for tfjs.
    const [{ benchStep }, { stepJson, stepTable }] = await Promise.all([
      import('./bench-step.js'),
      import('./step-text.js'),
    ])
    let line: ProgressLine | undefined
    try {
      const report = await benchStep({
        preset,
        format: formatWith(format, block),
        rounds,
        ...(threads === undefined ? {} : { threads }),
        signal,
        log: (text) => stderr.write(`${text}\n`),
        onStep: (done, total) => {
          line ??= progressLine({ label: 'steps', total, unit: 'steps', stream: stderr })
          line.update({ step: done })
        },
      })
      stdout.write(json ? stepJson(report) : stepTable(report, { plain: wantsPlain(stdout) }))
    } finally {
      line?.stop()
    }
  },
})
