// Schedule: a warm-up, a constant rate, a decay. Comes in: a peak and the shares of the run. Goes out: a
// schedule.
// Source: MiniCPM (arXiv 2404.06395), section 4; Hägele et al. 2024 (arXiv 2405.18392) for 1 − √t.

import { oneOf, refuseUnknownKeys } from '@lotion/core/internal'
import { finite, fraction, nonNegative, numberIn } from './number-range.js'
import type { Schedule } from './schedule.js'

/** The parts of a warm-up–stable–decay schedule. */
export interface WarmupStableDecayOptions {
  /** Fraction of the run spent rising linearly to the peak, in [0, 1). Default 0. */
  readonly warmup?: number
  /** Fraction of the run spent falling, above 0; with the warm-up at most 1. Default .2. */
  readonly decay?: number
  /** Value at the last step, as a fraction of the peak. Default 0. */
  readonly end?: number
  /** How it falls, t from 0 to 1: 1 − t (default), ½ (1 + cos πt), or 1 − √t. */
  readonly shape?: 'linear' | 'cosine' | 'sqrt'
}

/** What is left of the height at a share t of the decay. */
const falls = {
  linear: (t: number): number => 1 - t,
  cosine: (t: number): number => 0.5 * (1 + Math.cos(Math.PI * t)),
  sqrt: (t: number): number => 1 - Math.sqrt(t),
} as const

/**
 * Rise linearly to `peak`, stay there, and fall to `end · peak` at the very last step. All steps before the
 * decay are the same whatever the length of the run, but for the warm-up's share: a run can be prolonged.
 * Weights land on the grid only if the learning rate goes to about 0.
 * @param peak Value between warm-up and decay, finite; that of a run of one step.
 * @param options Shares of the run, the end as a fraction of the peak, and how it falls.
 * @throws TypeError if an option is unknown; RangeError unless the peak is finite, the shares are in their
 * ranges and at most 1 together, `end` is at least 0 and `shape` is one of the three.
 * @example
 * ```ts
 * import { warmupStableDecay } from '@lotion/optim'
 *
 * const schedule = warmupStableDecay(1e-3, { warmup: 0.05, decay: 0.2, shape: 'sqrt' })
 * console.log(schedule({ step: 50, steps: 100 })) // 0.001
 * ```
 */
export function warmupStableDecay(peak: number, options: WarmupStableDecayOptions = {}): Schedule {
  refuseUnknownKeys('warmupStableDecay', options, { warmup: true, decay: true, end: true, shape: true })
  const { warmup = 0, decay = 0.2, end = 0, shape = 'linear' } = options
  numberIn(finite, 'peak', peak)
  numberIn(fraction, 'warmup', warmup)
  numberIn(nonNegative, 'end', end)
  oneOf('shape', shape, ['linear', 'cosine', 'sqrt'])
  numberIn(
    {
      wording: `a number above 0, at most 1 together with warmup (${warmup})`,
      // Shares such as .9 and .1 may exceed 1 by a rounding.
      holds: (share) => share > 0 && warmup + share <= 1 + Number.EPSILON,
    },
    'decay',
    decay,
  )
  return ({ step, steps }) => {
    const rise = Math.min(Math.round(warmup * steps), steps - 1)
    const lastStable = Math.max(rise, steps - 1 - Math.round(decay * steps))
    if (step < rise) return (peak * (step + 1)) / (rise + 1)
    if (step <= lastStable) return peak
    return peak * (end + (1 - end) * falls[shape]((step - lastStable) / (steps - 1 - lastStable)))
  }
}
