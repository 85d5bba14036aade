// Schedule: the same factor after equal times. Comes in: a first value, a factor and its time. Goes out: a
// schedule.
// Source: optax.exponential_decay, optax 0.2.8, which counts steps where this counts shares of the run.

import { oneOf, refuseUnknownKeys } from '@lotion/core/internal'
import { finite, numberIn, positive } from './number-range.js'
import type { Schedule } from './schedule.js'

/** How an exponential goes. */
export interface ExponentialOptions {
  /** Factor from one time to the next, above 0; below 1 it falls. */
  readonly decayRate: number
  /** The time after which the factor is reached, as a share of the run above 0, in whole steps. Default 1. */
  readonly over?: number
  /** Jump at the end of each time, and stay in between. Default false. */
  readonly staircase?: boolean
  /** What it never passes. Default: no bound. */
  readonly end?: number
}

/**
 * from · decayRate^(t / (over · T)), no further than `end`. It comes near 0 and never to it: let `linear`
 * follow by `joinSchedules` where weights are to land on the grid.
 * @param from Value at step 0, finite.
 * @param options The factor, the share of the run after which it is reached, and where it ends.
 * @throws TypeError if an option is unknown; RangeError unless `from` and `end` are finite, `decayRate` and
 * `over` above 0, and `staircase` true or false.
 * @example
 * ```ts
 * import { exponential } from '@lotion/optim'
 *
 * // A tenth after every third of the run.
 * const schedule = exponential(1e-2, { decayRate: 0.1, over: 1 / 3, staircase: true })
 * console.log(schedule({ step: 150, steps: 300 })) // 0.001
 * ```
 */
export function exponential(from: number, options: ExponentialOptions): Schedule {
  refuseUnknownKeys('exponential', options, { decayRate: true, over: true, staircase: true, end: true })
  const { decayRate, over = 1, staircase = false, end } = options
  numberIn(finite, 'from', from)
  numberIn(positive, 'decayRate', decayRate)
  numberIn(positive, 'over', over)
  oneOf('staircase', staircase, [true, false])
  if (end !== undefined) numberIn(finite, 'end', end)
  const bounded = (value: number): number => {
    if (end === undefined) return value
    return decayRate < 1 ? Math.max(value, end) : Math.min(value, end)
  }
  return ({ step, steps }) => {
    const times = step / Math.max(1, Math.round(over * steps))
    return bounded(from * decayRate ** (staircase ? Math.floor(times) : times))
  }
}
