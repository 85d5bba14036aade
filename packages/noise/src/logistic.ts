// Noise: logistic, heavier in the tails than a Gaussian. Comes in: a site. Goes out: variance, sample.
// Source: the relaxation of Louizos et al., "Relaxed quantization for discretized neural networks" (ICLR
// 2019).

import { defineFamily, type Noise } from '@lotion/core'
import { additiveNoise } from './additive-noise.js'
import { tukeyLambda } from './tukey-lambda.js'

/** σ² of Tukey's law for λ = 1/64. */
const VARIANCE = 3.118459741166589

/**
 * x + deviation · step · z. Formulas have no logarithm, so ln(u / (1 − u)) is (u^λ − (1 − u)^λ) / λ with λ =
 * 1/64, scaled to variance 1: its distribution function is within .0029 of the logistic law's, kurtosis 3.99
 * (logistic: 4.2). The default deviation is that of a rounding error, 1 / √12 of a step.
 * @param deviation Standard deviation in steps of the grid, finite and above 0.
 * @throws RangeError unless it is finite and above 0.
 * @example
 * ```ts
 * import { defineLanes, evaluate } from '@lotion/core'
 * import { int4 } from '@lotion/formats'
 * import { logistic } from '@lotion/noise'
 *
 * const noise = logistic(0.3)
 * const fn = defineLanes({
 *   name: noise.name,
 *   inputs: ['x', 'u'],
 *   outputs: ['q'],
 *   body: ({ x, u }) => ({ q: noise.sample(int4.grid.around(x), u) }),
 * })
 * console.log(evaluate([{ fn, inputs: { x: [2.25], u: [0.9] } }]))
 * ```
 */
export function logistic(deviation: number = Math.sqrt(1 / 12)): Noise {
  return additiveNoise({ name: `logistic(${deviation})`, deviation, quantile: tukeyLambda(6, VARIANCE) })
}

/** The noises of `logistic`, by their deviation in steps of the grid. */
export const logisticFamily = defineFamily({
  name: 'logistic',
  numbers: { deviation: { default: Math.sqrt(1 / 12), above: 0 } },
  make: ({ deviation }) => logistic(deviation),
})
