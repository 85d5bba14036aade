// Weights beyond what a format's scale covers: they are clipped, whatever its claims say. Comes in: a format,
// weights. Goes out: a count.
// Source: docs/design/03-formats-and-methods.md (scale rules: the limits).

import type { NumberFormat } from '@lotion/core'
import { LARGEST_F32 } from './grid-precision.js'

/** How many weights are clipped, and where their limit is. */
export interface Clipped {
  /** Weights whose magnitude is above `reach`. */
  readonly count: number
  /** The largest magnitude that a scale of the format covers; `undefined` if its rule does not say. */
  readonly reach: number | undefined
}

/**
 * Count the weights that even the format's largest scale does not cover, such as above 65504 · 7 for `q4_0`.
 * Rules that clip on purpose (`saturates`) and have no such limit count none: `castStatistics` measures
 * those.
 */
export function clippedWeights(format: NumberFormat, w: ArrayLike<number>): Clipped {
  const reach = format.scale.reach?.(format.grid)
  let count = 0
  // No weight is beyond the largest number of f32.
  if (reach !== undefined && reach < LARGEST_F32)
    for (let i = 0; i < w.length; i++) if (Math.abs(w[i]!) > reach) count += 1
  return { count, reach }
}

/**
 * Refuse a parameter with weights beyond the reach.
 * @throws naming it, how many there are, the largest that fits, and what to do.
 */
export function refuseClipped(name: string, format: NumberFormat, w: ArrayLike<number>): void {
  const { count, reach } = clippedWeights(format, w)
  if (count === 0) return
  throw new RangeError(
    `'${name}': expected weights of at most ${reach}, the largest that ${format.name} with the scale rule ${format.scale.name} ` +
      `covers, found ${count} beyond it, which would be clipped; leave the parameter out or choose a scale of a wider range, such as absmax`,
  )
}
