// Scale rule: a constant. Comes in: the scale. Goes out: a rule. Source: fixed-point formats; the grid
// itself, unscaled.

import type { Grid, ScaleRule } from '@lotion/core'
import { builderOf } from '@lotion/core/internal'
import { largestFiniteScale } from './grid-precision.js'
import { topPoint } from './top-point.js'

/**
 * Scale every block by the same number, which is part of the format and not stored; beyond scale · top
 * weights are clipped.
 * @param scale What one unit of the grid is worth, in units of the weights, above 0 in f32.
 * @throws RangeError unless it is finite and above 0, and scale · top finite in f32.
 * @example
 * ```ts
 * import { fixedScale, int8, withScale } from '@lotion/formats'
 *
 * console.log(withScale(int8, fixedScale(1 / 64)).scale.bits)
 * ```
 */
export function fixedScale(scale: number): ScaleRule {
  if (!(Math.fround(scale) > 0 && Number.isFinite(Math.fround(scale))))
    throw new RangeError(`scale: expected a finite number above 0 in f32, found ${scale}`)
  return Object.freeze({
    name: `fixed-${scale}`,
    claims: Object.freeze({
      continuous: true,
      saturates: true,
      isExact: ({ points }: Grid) =>
        points.every((point) => Math.fround(point * scale) === point * scale) || undefined,
    }),
    bits: 0,
    reach: (grid) => Math.fround(scale) * topPoint(grid),
    scaled: (w, grid) => {
      if (!(Math.fround(scale) <= largestFiniteScale(grid)))
        throw new RangeError(
          `scale: expected a number whose product with the largest grid point, ${topPoint(grid)}, is finite in f32, found ${scale}`,
        )
      return { x: w.div(scale), scale: builderOf(w).literal(scale), statistics: [] }
    },
  } satisfies ScaleRule)
}
