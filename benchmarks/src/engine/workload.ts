// Speed test: `lotion bench engine`, one training step on each engine. Comes in: options. Goes out: a report.
// Source: docs/design/12-speed-tests.md.

import { torchOption } from '../harness/torch-competitor.js'
import { defineWorkload, roundsOption, threadsOption } from '../harness/workload.js'
import { enginePresets, presetOption } from './preset.js'

/** Speed of the traced engine, PyTorch and tfjs. */
export const engine = defineWorkload({
  name: 'engine',
  summary: 'compare the speed of a training step: traced engine, PyTorch, tfjs wasm',
  options: {
    preset: presetOption('micro'),
    rounds: roundsOption("measured steps of each engine (default: the preset's)"),
    threads: threadsOption('threads of each engine that can use several'),
    withTorch: torchOption,
  },
  examples: [
    'lotion bench engine',
    'lotion bench engine --preset 27m --rounds 5 --with-torch',
    'lotion bench engine --json',
  ],
  measure: async ({ preset, rounds, threads, withTorch }, context, show) => {
    const { compareEngines, enginesBeside } = await import('./compare-engines.js')
    const chosen = enginePresets[preset]
    const competitors = enginesBeside(withTorch)
    show(
      await compareEngines(
        { preset: chosen, rounds: rounds ?? chosen.rounds, threads, competitors },
        context,
      ),
    )
  },
})
