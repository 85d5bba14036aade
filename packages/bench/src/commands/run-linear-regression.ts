// Command: `lotion run linear-regression`. Comes in: options. Goes out: a table, or lines of JSON.
// Source: LOTION (arXiv 2510.08757), section 5.1.

import { linearRegressionDefaults as defaults } from '../tasks/linear-regression.js'
import { defineCommand, maybe, realNumber, UsageError, wholeNumber, wordOr } from '@lotion/cli'
import {
  comparisonOf,
  comparisonOptions,
  problemOptions,
  refuseContradictions,
  workersOf,
} from './comparison-options.js'
import { printComparison } from './print-comparison.js'

/** Most random numbers drawn for a step: 2 GiB of them. */
const largest = 2 ** 29

/** Compare methods on a quadratic loss with a power-law spectrum. */
export const runLinearRegression = defineCommand({
  path: ['run', 'linear-regression'],
  summary: 'compare the methods on linear regression with a power-law spectrum',
  options: {
    ...problemOptions(defaults),
    batch: {
      flags: '--batch <samples>',
      description: 'fresh samples a step, or full for the exact gradient',
      schema: wordOr('full', wholeNumber({ min: 1, max: 2 ** 16 })),
      default: String(defaults.batch),
    },
    labelNoise: {
      flags: '--label-noise <std>',
      description: `standard deviation of the labels’ noise, with --batch <n> only (default: ${defaults.labelNoise})`,
      schema: maybe(realNumber({ min: 0 })),
    },
    ...comparisonOptions,
  },
  examples: [
    'lotion run linear-regression',
    'lotion run linear-regression --tune',
    'lotion run linear-regression --format fp4 --block 32 --methods qat,lotion --seeds 5',
    'lotion run linear-regression --batch 32 --fisher empirical --json',
  ],
  run: async (values, context) => {
    refuseContradictions(values)
    const { dimension, spectrum, hessian, steps, batch, lr, labelNoise } = values
    if (batch === 'full' && labelNoise !== undefined) {
      throw new UsageError(
        `label-noise: the exact gradient has no label noise, found ${labelNoise}; add --batch <samples>`,
      )
    }
    if (batch !== 'full' && batch * (dimension + 1) > largest) {
      throw new UsageError(
        `batch: expected at most ${Math.floor(largest / (dimension + 1))} samples of ${dimension} inputs, found ${batch}; lower one of the two`,
      )
    }
    const options = {
      dimension,
      spectrum,
      hessian,
      steps,
      batch,
      labelNoise: labelNoise ?? defaults.labelNoise,
      learningRate: lr ?? defaults.learningRate,
    }
    const task = { name: 'linear-regression', options } as const
    await printComparison(
      comparisonOf(task, values),
      { json: values.json, workers: workersOf(values) },
      context,
    )
  },
})
