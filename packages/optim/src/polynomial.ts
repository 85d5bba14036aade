// Schedule: a power of what is left of the run. Comes in: both ends and the power. Goes out: a schedule.
// Source: optax.polynomial_schedule, optax 0.2.8, which counts steps where this counts shares of the run.

import { finite, numberIn, positive } from './number-range.js'
import type { Schedule } from './schedule.js'

/**
 * From `from` at the first step to `to` at the last: to + (from − to) (1 − t / (T − 1))^power. A power of 1
 * is `linear`; above 1 it falls early and lands softly.
 * @param from Value at step 0, finite.
 * @param to Value at step `steps` − 1, finite; as the only one of a run of one step.
 * @param power Above 0.
 * @throws RangeError unless both ends are finite and the power is above 0.
 * @example
 * ```ts
 * import { polynomial } from '@lotion/optim'
 *
 * const schedule = polynomial(1e-2, 0, 2)
 * console.log(schedule({ step: 50, steps: 101 })) // 0.0025
 * ```
 */
export function polynomial(from: number, to: number, power: number): Schedule {
  numberIn(finite, 'from', from)
  numberIn(finite, 'to', to)
  numberIn(positive, 'power', power)
  return ({ step, steps }) => to + (from - to) * (steps > 1 ? 1 - step / (steps - 1) : 0) ** power
}
