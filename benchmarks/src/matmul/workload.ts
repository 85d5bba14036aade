// Speed test: `lotion bench matmul`, the matrix products of a training step. Comes in: options. Goes out: a
// report.
// Source: docs/design/12-speed-tests.md; docs/design/07-cpu.md, "Matrix products".

import { enginePresets, presetOption } from '../engine/preset.js'
import { torchOption } from '../harness/torch-competitor.js'
import { defineWorkload, roundsOption, threadsOption } from '../harness/workload.js'

/** Speed of matrix products. */
export const matmul = defineWorkload({
  name: 'matmul',
  summary: "speed of a training step's matrix products: our WebAssembly, tfjs wasm, PyTorch",
  options: {
    preset: presetOption('micro'),
    rounds: roundsOption('measured products of each size and way', 10),
    threads: threadsOption('measure 1 thread and this many'),
    withTorch: torchOption,
  },
  examples: ['lotion bench matmul', 'lotion bench matmul --preset 27m --rounds 3 --with-torch'],
  measure: async ({ preset, rounds, threads, withTorch }, context, show) => {
    const { compareProducts, multipliers } = await import('./compare-products.js')
    const counts = [...new Set([1, threads])]
    const competitors = multipliers(counts, withTorch)
    show(
      await compareProducts({ preset: enginePresets[preset], rounds, threads: counts, competitors }, context),
    )
  },
})
