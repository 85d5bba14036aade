// Schedule: one after another. Comes in: schedules and where they meet. Goes out: a schedule.
// Source: optax.join_schedules, optax 0.2.8, which counts steps where this counts shares of the run.

import { numberIn } from './number-range.js'
import type { Schedule } from './schedule.js'

/**
 * Follow schedules one after the other, each as over a run of its own length. `cosine` joined to itself is
 * SGDR, a cosine with warm restarts.
 * @param schedules At least one, in their order.
 * @param boundaries Shares of the run at which the next begins, one fewer than schedules, ascending and
 * between 0 and 1; rounded to whole steps. A schedule that is left without a step is passed over.
 * @throws TypeError unless there is one boundary fewer than schedules; RangeError unless each is larger than
 * the one before, the first above 0 and the last below 1.
 * @example
 * ```ts
 * import { constant, joinSchedules, linear } from '@lotion/optim'
 *
 * const schedule = joinSchedules([constant(0.1), linear(0.1, 0)], [0.8])
 * console.log([0, 80, 99].map((step) => schedule({ step, steps: 100 }))) // 0.1, 0.1, 0
 * ```
 */
export function joinSchedules(schedules: readonly Schedule[], boundaries: readonly number[]): Schedule {
  if (schedules.length === 0 || boundaries.length !== schedules.length - 1)
    throw new TypeError(
      `joinSchedules: expected schedules and one boundary fewer, found ${schedules.length} and ${boundaries.length}; ` +
        'a boundary lies between two schedules',
    )
  boundaries.forEach((share, i) => {
    const last = boundaries[i - 1] ?? 0
    numberIn(
      { wording: `a number above ${last} and below 1`, holds: (value) => value > last && value < 1 },
      'boundaries',
      share,
    )
  })
  return ({ step, steps }) => {
    const starts = [0, ...boundaries.map((share) => Math.round(share * steps))]
    const now = starts.findLastIndex((start) => start <= step)
    const start = starts[now]!
    return schedules[now]!({ step: step - start, steps: (starts[now + 1] ?? steps) - start })
  }
}
