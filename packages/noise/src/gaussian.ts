// Noise: Gaussian pseudo-quantization noise. Comes in: a site. Goes out: variance, sample.
// Source: Défossez et al., "Differentiable model compression via pseudo quantization noise" (TMLR 2022).

import { defineFamily, type Noise } from '@lotion/core'
import { additiveNoise } from './additive-noise.js'
import { tukeyLambda } from './tukey-lambda.js'

/** σ² of Tukey's law for λ = 1/8. */
const VARIANCE = 2.205611831982708

/**
 * x + deviation · step · z. Formulas have no logarithm, so z is the bounded law with quantile (u^⅛ − (1 −
 * u)^⅛) · 5.387: mean 0, variance 1, its distribution function within .0025 of the normal's, |z| ≤ 5.387,
 * kurtosis 3.055 (normal: 3). The default deviation is that of a rounding error, 1 / √12 of a step.
 * @param deviation Standard deviation in steps of the grid, finite and above 0.
 * @throws RangeError unless it is finite and above 0.
 * @example
 * ```ts
 * import { defineLanes, evaluate } from '@lotion/core'
 * import { int4 } from '@lotion/formats'
 * import { gaussian } from '@lotion/noise'
 *
 * const noise = gaussian(0.3)
 * const fn = defineLanes({
 *   name: noise.name,
 *   inputs: ['x', 'u'],
 *   outputs: ['q'],
 *   body: ({ x, u }) => ({ q: noise.sample(int4.grid.around(x), u) }),
 * })
 * console.log(evaluate([{ fn, inputs: { x: [2.25], u: [0.9] } }]))
 * ```
 */
export function gaussian(deviation: number = Math.sqrt(1 / 12)): Noise {
  return additiveNoise({ name: `gaussian(${deviation})`, deviation, quantile: tukeyLambda(3, VARIANCE) })
}

/** The noises of `gaussian`, by their deviation in steps of the grid. */
export const gaussianFamily = defineFamily({
  name: 'gaussian',
  numbers: { deviation: { default: Math.sqrt(1 / 12), above: 0 } },
  make: ({ deviation }) => gaussian(deviation),
})
