// Scale rule: the weight of largest magnitude lands on the lowest grid point, whatever its sign, for grids
// that reach one step further down than up. Comes in: a weight and its grid. Goes out: the weight in grid
// units and the scale, below 0 where the largest is positive.
// Source: ggml's quantizer of block_q4_0, whose scale is rounded to nearest where ours is rounded up, halves
// up where ours go to the even code, and of two weights as large the first taken, not the positive one.

import type { Grid, ScaleRule } from '@lotion/core'
import { f16, smallestCovering } from './minifloat.js'
import { scalesOf } from './scale-numbers.js'
import { topPoint } from './top-point.js'

/** A grid upside down: its lowest point is the top. */
const turned = ({ points }: Pick<Grid, 'points'>): Pick<Grid, 'points'> => ({
  points: points.map((point) => -point).reverse(),
})

/**
 * Scale by the signed maximum, stored as f16: |scale| is the smallest float with |scale| · |lowest point| ≥
 * amax, its sign that which takes the largest weight to the lowest point; of two as large, the positive one.
 * On the integers −8 … 7 the step is amax / 8 where `absmax` has amax / 7, and weights of the other sign
 * saturate beyond 7/8 of the maximum. An all-zero block has scale 0 and x = 0.
 */
export const signedMaxF16: ScaleRule = Object.freeze({
  name: 'signed-max-f16',
  claims: Object.freeze({ continuous: false, saturates: true, signed: true, repeats: () => false }),
  stored: f16.name,
  bits: 16,
  reach: (grid) => {
    const numbers = turned(grid)
    return scalesOf(f16, numbers).largest! * topPoint(numbers)
  },
  scaled: (w, grid) => {
    const amax = w.abs().blockMax()
    const largest = w.blockMax()
    const numbers = turned(grid)
    const size = smallestCovering(scalesOf(f16, numbers), amax, topPoint(numbers))
    const scale = size.mul(largest.less(amax, 1, -1))
    return {
      // Over the scale that is handed out, by which penalties take their slope.
      x: w.div(size.mul(-1).less(0, scale, 1)),
      scale,
      statistics: [amax, largest],
      follows: amax,
    }
  },
} satisfies ScaleRule)
