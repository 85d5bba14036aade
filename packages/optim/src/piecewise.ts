// Schedules: a factor at each of some points of the run, with jumps or with lines between them. Comes in: a
// first value, points and factors. Goes out: a schedule.
// Source: optax.piecewise_constant_schedule and optax.piecewise_interpolate_schedule, optax 0.2.8.

import { oneOf, shownValue } from '@lotion/core/internal'
import { finite, nonNegative, numberIn, type NumberRange } from './number-range.js'
import type { Schedule } from './schedule.js'

/** A point of the run, as a share of it, and what the value is multiplied by there. */
export type PieceFactor = readonly [share: number, factor: number]

const inRun: NumberRange = {
  wording: 'a number in [0, 1], larger than the one before',
  holds: (share) => share >= 0 && share <= 1,
}

/**
 * Values between the points, the first value included: each factor counts from its point on.
 * @throws naming what is no ascending list of shares with factors.
 */
function valuesOf(what: string, from: number, factors: readonly PieceFactor[]): readonly number[] {
  numberIn(finite, 'from', from)
  if (!Array.isArray(factors))
    throw new TypeError(`${what}: expected pairs of a share and a factor, found ${shownValue(factors)}`)
  let last = -1
  for (const [share, factor] of factors) {
    numberIn({ ...inRun, holds: (value) => inRun.holds(value) && value > last }, `${what}: share`, share)
    numberIn(nonNegative, `${what}: factor`, factor)
    last = share
  }
  return factors.reduce<readonly number[]>(
    (values, [, factor]) => [...values, values.at(-1)! * factor],
    [from],
  )
}

/**
 * Constant pieces: `from`, multiplied by each factor from its point of the run on.
 * @param from Value at the start, finite.
 * @param factors Pairs of a share of the run and a factor of at least 0, shares ascending; a share is rounded
 * to whole steps.
 * @throws TypeError if `factors` is no list; RangeError if a share does not lie in [0, 1] above the one
 * before, or a factor is below 0.
 * @example
 * ```ts
 * import { piecewiseConstant } from '@lotion/optim'
 *
 * const schedule = piecewiseConstant(1, [
 *   [0.5, 0.1],
 *   [0.75, 0.1],
 * ])
 * console.log([0, 50, 80].map((step) => schedule({ step, steps: 100 }))) // 1, 0.1, 0.01
 * ```
 */
export function piecewiseConstant(from: number, factors: readonly PieceFactor[]): Schedule {
  const values = valuesOf('piecewiseConstant', from, factors)
  return ({ step, steps }) => values[factors.filter(([share]) => step >= Math.round(share * steps)).length]!
}

/** From 0 to 1 between two points. */
const rises = {
  linear: (t: number): number => t,
  cosine: (t: number): number => 0.5 * (1 - Math.cos(Math.PI * t)),
} as const

/**
 * Lines, or halves of a cosine, between the points that the factors lead to; a share of 1 is the last step.
 * The factors multiply: `[[0.5, 0.1], [1, 0.1]]` ends at a hundredth.
 * @param from Value at step 0, finite.
 * @param factors Pairs of a share of the run and a factor of at least 0, shares ascending.
 * @param shape How it goes from point to point. Default: in straight lines.
 * @throws as `piecewiseConstant`, and RangeError if `shape` is neither of the two.
 * @example
 * ```ts
 * import { piecewiseInterpolate } from '@lotion/optim'
 *
 * const triangle = piecewiseInterpolate(0.01, [
 *   [0.5, 10],
 *   [1, 0],
 * ])
 * console.log([0, 50, 100].map((step) => triangle({ step, steps: 101 }))) // 0.01, 0.1, 0
 * ```
 */
export function piecewiseInterpolate(
  from: number,
  factors: readonly PieceFactor[],
  shape: 'linear' | 'cosine' = 'linear',
): Schedule {
  const values = valuesOf('piecewiseInterpolate', from, factors)
  oneOf('shape', shape, ['linear', 'cosine'])
  return ({ step, steps }) => {
    const points = [0, ...factors.map(([share]) => Math.floor(share * (steps - 1)))]
    const next = points.findIndex((point) => step < point)
    if (next < 0) return values.at(-1)!
    const [before, after] = [values[next - 1]!, values[next]!]
    const along = (step - points[next - 1]!) / (points[next]! - points[next - 1]!)
    return before + (after - before) * rises[shape](along)
  }
}
