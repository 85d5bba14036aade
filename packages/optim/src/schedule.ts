// Schedules: a number for every step of a run. Comes in: where the run stands. Goes out: a learning rate or
// λ.
// Source: Loshchilov & Hutter, "SGDR" (cosine); docs/design/03-formats-and-methods.md.

import { refuseUnknownKeys } from '@lotion/core/internal'
import { finite, fraction, nonNegative, numberIn, type NumberRange } from './number-range.js'

/**
 * A number that depends on how far the run is. Steps count from 0, so the last one is `steps` − 1.
 * @param at Step, from 0, and length of the run.
 */
export type Schedule = (at: { readonly step: number; readonly steps: number }) => number

/** What a schedule is for, so that a number outside its range is refused by name. */
export interface ScheduleUse {
  /** Name of the option that the number was given for. */
  readonly option: string
  /** What a plain number must be. Default: finite. */
  readonly range?: NumberRange
  /** What the values of a schedule must be, which may well end at 0. Default: `range`. */
  readonly along?: NumberRange
}

/**
 * Accept a number where a schedule is expected.
 * @param value A number stands for all steps.
 * @param use Name of the option and the ranges that it takes.
 * @throws if a number is out of range, at once; if a schedule's value is, at its step.
 */
export function scheduleOf(
  value: number | Schedule,
  { option, range = finite, along = range }: ScheduleUse,
): Schedule {
  if (typeof value !== 'function') return constant(numberIn(range, option, value, 'or give a schedule'))
  return (at) =>
    numberIn(
      along,
      option,
      value(at),
      `from its schedule at step ${at.step + 1} of ${at.steps}; correct the schedule`,
    )
}

/**
 * The same value throughout.
 * @param value Finite; in the unit of what it is for, such as a learning rate.
 * @throws RangeError unless it is finite.
 * @example
 * ```ts
 * import { constant } from '@lotion/optim'
 *
 * const schedule = constant(0.1)
 * console.log(schedule({ step: 50, steps: 100 }))
 * ```
 */
export function constant(value: number): Schedule {
  numberIn(finite, 'value', value)
  return () => value
}

/**
 * From `from` at the first step to `to` at the last, in a straight line.
 * @param from Value at step 0, finite.
 * @param to Value at step `steps` − 1, finite; as the only one of a run of one step.
 * @throws RangeError unless both are finite.
 * @example
 * ```ts
 * import { linear } from '@lotion/optim'
 *
 * const schedule = linear(0, 1)
 * console.log(schedule({ step: 50, steps: 100 }))
 * ```
 */
export function linear(from: number, to: number): Schedule {
  numberIn(finite, 'from', from)
  numberIn(finite, 'to', to)
  return ({ step, steps }) => from + (to - from) * (steps > 1 ? step / (steps - 1) : 1)
}

/** How a cosine begins and ends. */
export interface CosineOptions {
  /** Value at the end, as a fraction of the peak. Default 0. */
  readonly end?: number
  /** Fraction of the run spent rising linearly to the peak, in [0, 1). Default 0. */
  readonly warmup?: number
}

/**
 * Half a cosine from `peak` down to `end · peak`, after a linear warm-up:
 * peak · (end + (1 − end) · ½ (1 + cos(π t / T))), t = 0 … T − 1, which at the last step is within (π / 2T)²
 * of its end. Weights land on the grid only if the learning rate goes to about 0.
 * @param peak Value at the end of the warm-up, finite.
 * @param options End as a fraction of the peak, and length of the warm-up as a fraction of the run.
 * @throws TypeError if an option is unknown; RangeError unless the peak is finite, `end` at least 0 and
 * `warmup` in [0, 1).
 * @example
 * ```ts
 * import { cosine } from '@lotion/optim'
 *
 * const schedule = cosine(1e-3, { end: 0.01, warmup: 0.1 })
 * console.log(schedule({ step: 50, steps: 100 }))
 * ```
 */
export function cosine(peak: number, options: CosineOptions = {}): Schedule {
  refuseUnknownKeys('cosine', options, { end: true, warmup: true })
  const { end = 0, warmup = 0 } = options
  numberIn(finite, 'peak', peak)
  numberIn(nonNegative, 'end', end)
  numberIn(fraction, 'warmup', warmup)
  return warmUp(
    warmup,
    ({ step, steps }) => peak * (end + (1 - end) * 0.5 * (1 + Math.cos((Math.PI * step) / steps))),
  )
}

/**
 * Rise linearly over the first `fraction` of the run, then follow `then` over what is left of it, at least
 * one step.
 * @param share The fraction, in [0, 1); rounded to whole steps. 0 for none.
 * @param then Is given a run that is shorter by the rise; the rise goes to its first value.
 * @throws RangeError unless 0 ≤ fraction < 1.
 * @example
 * ```ts
 * import { linear, warmUp } from '@lotion/optim'
 *
 * const schedule = warmUp(0.1, linear(1, 0))
 * console.log(schedule({ step: 50, steps: 100 }))
 * ```
 */
export function warmUp(share: number, then: Schedule): Schedule {
  numberIn(fraction, 'fraction', share)
  return ({ step, steps }) => {
    const rise = Math.min(Math.round(share * steps), steps - 1)
    if (step < rise) return (then({ step: 0, steps: steps - rise }) * (step + 1)) / (rise + 1)
    return then({ step: step - rise, steps: steps - rise })
  }
}
