// Schedule: up to a large rate and down to a small one, once. Comes in: a peak. Goes out: a schedule.
// Source: Smith & Topin 2017 (arXiv 1708.07120), in the two forms of optax 0.2.8 (cosine_onecycle_schedule,
// linear_onecycle_schedule).

import { oneOf, refuseUnknownKeys } from '@lotion/core/internal'
import { fraction, numberIn, positive, type NumberRange } from './number-range.js'
import { piecewiseInterpolate } from './piecewise.js'
import type { Schedule } from './schedule.js'

/** The parts of a one-cycle schedule. */
export interface OneCycleOptions {
  /** Share of the run spent rising to the peak, in [0, 1). Default .3. */
  readonly warmup?: number
  /** The peak is this many times the first value. Default 25. */
  readonly divFactor?: number
  /** The first value is this many times the last one. Default 10,000. */
  readonly finalDivFactor?: number
  /** Halves of a cosine, or three lines. Default `cosine`. */
  readonly shape?: 'cosine' | 'linear'
  /**
   * For lines: the share of the run after which it is back at its first value, from where it falls to the
   * last. Default .85.
   */
  readonly back?: number
}

/**
 * From peak / divFactor up to the peak and down to peak / (divFactor · finalDivFactor) at the very last step:
 * practically 0, so that weights land on the grid. Points of the run are rounded down to whole steps.
 * @param peak Largest value, above 0.
 * @param options Shares of the run, the ends as fractions of the peak, and how it goes.
 * @throws TypeError if an option is unknown or `back` is given without lines; RangeError unless peak and
 * factors are above 0, `warmup` in [0, 1) and `back` above it and below 1.
 * @example
 * ```ts
 * import { oneCycle } from '@lotion/optim'
 *
 * const schedule = oneCycle(0.25)
 * console.log([0, 30, 100].map((step) => schedule({ step, steps: 101 }))) // 0.01, 0.25, 0.000001
 * ```
 */
export function oneCycle(peak: number, options: OneCycleOptions = {}): Schedule {
  refuseUnknownKeys('oneCycle', options, {
    warmup: true,
    divFactor: true,
    finalDivFactor: true,
    shape: true,
    back: true,
  })
  const { warmup = 0.3, divFactor = 25, finalDivFactor = 1e4, shape = 'cosine' } = options
  const { back = 0.85 } = options
  numberIn(positive, 'peak', peak)
  numberIn(fraction, 'warmup', warmup)
  numberIn(positive, 'divFactor', divFactor)
  numberIn(positive, 'finalDivFactor', finalDivFactor)
  oneOf('shape', shape, ['cosine', 'linear'])
  if (shape === 'cosine') {
    if (options.back !== undefined)
      throw new TypeError(
        "back: expected shape: 'linear' with it, found 'cosine', which falls in one piece; leave it out",
      )
    return piecewiseInterpolate(
      peak / divFactor,
      [
        [warmup, divFactor],
        [1, 1 / (divFactor * finalDivFactor)],
      ],
      shape,
    )
  }
  const after: NumberRange = {
    wording: `a number above warmup (${warmup}) and below 1`,
    holds: (share) => share > warmup && share < 1,
  }
  numberIn(after, 'back', back)
  return piecewiseInterpolate(peak / divFactor, [
    [warmup, divFactor],
    [back, 1 / divFactor],
    [1, 1 / finalDivFactor],
  ])
}
