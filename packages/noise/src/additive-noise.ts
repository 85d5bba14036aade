// Off-grid noises: x plus a standard law times the grid's spacing. Comes in: the law's quantile function and
// variance. Goes out: a noise. Source: docs/design/05-smooth-noises.md (pseudo-quantization noise).

import type { Lane, Noise } from '@lotion/core'
import { defineNoise } from './define-noise.js'
import { localStep } from './local-step.js'

/** A law of mean 0 and variance 1. @experimental */
export interface StandardLaw {
  /** Name of the noise. */
  readonly name: string
  /** Standard deviation in steps of the grid, above 0. */
  readonly deviation: number
  /**
   * The inverse of the standard law's distribution function, non-decreasing, odd about u = ½.
   * @param u Uniform in [0, 1).
   */
  quantile(u: Lane): Lane
}

/**
 * Make the law q = x + deviation · step(x) · quantile(u), step the grid's local spacing. Beyond an end, the
 * end stands for x. Its outcomes lie between grid points, so its minima are not those of the quantized loss.
 * @param law Name, deviation in steps of the grid, and quantile function of mean 0 and variance 1.
 * @throws RangeError unless the deviation is finite and above 0.
 * @experimental
 * @example
 * ```ts
 * import { additiveNoise } from '@lotion/noise'
 *
 * // Uniform on one step of the grid.
 * const flat = additiveNoise({
 *   name: 'flat',
 *   deviation: 1 / Math.sqrt(12),
 *   quantile: (u) => u.sub(0.5).mul(Math.sqrt(12)),
 * })
 * console.log(flat.claims)
 * ```
 */
export function additiveNoise({ name, deviation, quantile }: StandardLaw): Noise {
  if (!(deviation > 0 && deviation < Infinity))
    throw new RangeError(
      `deviation: expected a finite number above 0, in steps of the grid, found ${deviation}`,
    )
  return defineNoise({
    name,
    claims: { unbiased: true, continuous: true, preserving: false, onGrid: false, smooth: true },
    variance: (at) => {
      const { centre, step } = localStep(at)
      const spread = step.mul(deviation)
      const clipped = centre.sub(at.x)
      return spread.mul(spread).add(clipped.mul(clipped))
    },
    sample: (at, u) => {
      const { centre, step } = localStep(at)
      return centre.add(step.mul(quantile(u).mul(deviation)))
    },
  })
}
