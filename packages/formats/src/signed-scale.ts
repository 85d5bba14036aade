// Scale rule: the weight of largest magnitude lands on the lowest grid point, whatever its sign, for grids
// that reach one step further down than up. Comes in: a weight and its grid. Goes out: the weight in grid
// units and the scale, below 0 where the largest is positive.
// Source: ggml's quantizer of block_q4_0; its scale is rounded to nearest, and ours up.

import type { ScaleRule } from '@lotion/core'
import { divisor } from './absmax.js'
import { f16, smallestCovering } from './minifloat.js'
import { scalesOf } from './scale-numbers.js'
import { topPoint } from './top-point.js'

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
  scaled: (w, grid) => {
    const amax = w.abs().blockMax()
    const largest = w.blockMax()
    // Upside down, where the lowest point is the top.
    const turned = { points: grid.points.map((point) => -point).reverse() }
    const size = smallestCovering(scalesOf(f16, turned), amax, topPoint(turned))
    const sign = largest.less(amax, 1, -1)
    return {
      x: w.div(divisor(size)).mul(sign),
      scale: size.mul(sign),
      statistics: [amax, largest],
      follows: amax,
    }
  },
} satisfies ScaleRule)
