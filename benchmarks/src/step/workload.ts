// Speed test: `lotion bench step`, what LOTION adds to a whole training step. Comes in: options. Goes out: a
// report.
// Source: docs/design/12-speed-tests.md.

import { blockOption, formatOption, formatWith } from '@lotion/cli/internal'
import { enginePresets, presetOption } from '../engine/preset.js'
import { defineWorkload, roundsOption, threadsOption } from '../harness/workload.js'

/** Cost of LOTION in a training step. */
export const step = defineWorkload({
  name: 'step',
  summary: 'time and memory that LOTION adds to a whole training step with AdamW',
  options: {
    preset: presetOption('27m'),
    format: formatOption('int4'),
    block: blockOption,
    rounds: roundsOption('measured steps with each optimizer', 20),
    threads: threadsOption('threads of engine and executor'),
  },
  examples: ['lotion bench step', 'lotion bench step --preset micro --format fp4 --rounds 50'],
  measure: async ({ preset, format, block, rounds, threads }, context, show) => {
    const chosen = await formatWith(format, block)
    const { compareSteps } = await import('./compare-steps.js')
    show(await compareSteps({ preset: enginePresets[preset], format: chosen, rounds, threads }, context))
  },
})
