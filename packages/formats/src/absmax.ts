// Scale rule: the block's largest magnitude lands exactly on the largest grid point. Comes in: a weight and
// its grid. Goes out: the weight in grid units and the scale. Source: LOTION.

import type { Grid, Lane, ScaleRule } from '@lotion/core'
import { LARGEST_F32, largestFiniteScale } from './grid-precision.js'
import { topPoint } from './top-point.js'

/**
 * Replace 0 by 1, to divide by: what is divided is 0 too, or its product with the scale is.
 * @param scale One value a block, at least 0.
 */
export function divisor(scale: Lane): Lane {
  return scale.mul(-1).less(0, scale, 1)
}

/**
 * Keep a scale at most `largest`, by default the largest whose product with the top is finite in f32, where
 * the quotient may have been rounded up. Infinity stays: a block with an infinite weight has no finite scale.
 * @param scale One value a block, at least 0.
 * @param grid Its largest point is what the scale is multiplied with.
 * @param largest In units of the weights.
 */
export function finiteScale(scale: Lane, grid: Grid, largest = largestFiniteScale(grid)): Lane {
  return scale.less(Infinity, scale.min(largest), scale)
}

/**
 * Scale by the absolute maximum, kept in f32: x = (w / amax) · top, scale = amax / top. Dividing first makes
 * |w| = amax give exactly `top`, and nothing more than that. An all-zero block has scale 0 and x = 0.
 */
export const absmax: ScaleRule = Object.freeze({
  name: 'absmax',
  claims: Object.freeze({ continuous: true, saturates: false }),
  bits: 32,
  stored: 'f32',
  reach: () => LARGEST_F32,
  scaled: (w, grid) => {
    const top = topPoint(grid)
    const amax = w.abs().blockMax()
    const scale = finiteScale(amax.div(top), grid)
    return { x: w.div(divisor(amax)).mul(top), scale, statistics: [amax], isBounded: true }
  },
} satisfies ScaleRule)
