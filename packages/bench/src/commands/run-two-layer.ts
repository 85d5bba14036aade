// Command: `lotion run two-layer`. Comes in: options. Goes out: a table, or lines of JSON.
// Source: LOTION (arXiv 2510.08757), section 5.2.

import { twoLayerDefaults as defaults } from '../tasks/two-layer.js'
import { defineCommand, UsageError, wholeNumber } from '@lotion/cli'
import {
  comparisonOf,
  comparisonOptions,
  problemOptions,
  refuseContradictions,
  workersOf,
} from './comparison-options.js'
import { printComparison } from './print-comparison.js'

/** Most weights of the first layer: 256 MiB, several times over while training. */
const largest = 2 ** 26

/** Compare methods on a two-layer linear network. */
export const runTwoLayer = defineCommand({
  path: ['run', 'two-layer'],
  summary: 'compare the methods on a two-layer linear network',
  options: {
    width: {
      flags: '--width <k>',
      description: 'hidden units',
      schema: wholeNumber({ min: 1, max: 2 ** 16 }),
      default: String(defaults.width),
    },
    ...problemOptions(defaults),
    ...comparisonOptions,
  },
  examples: [
    'lotion run two-layer',
    'lotion run two-layer --width 4 --tune',
    'lotion run two-layer --width 16 --methods ptq,qat,lotion --seeds 6 --json',
  ],
  run: async (values, context) => {
    refuseContradictions(values)
    const { dimension, width, spectrum, hessian, steps, lr } = values
    if (width * dimension > largest) {
      throw new UsageError(
        `width: expected at most ${Math.floor(largest / dimension)} hidden units of ${dimension} inputs, found ${width}; lower one of the two`,
      )
    }
    const options = { dimension, width, spectrum, hessian, steps, learningRate: lr ?? defaults.learningRate }
    const task = { name: 'two-layer', options } as const
    await printComparison(
      comparisonOf(task, values),
      { json: values.json, workers: workersOf(values) },
      context,
    )
  },
})
