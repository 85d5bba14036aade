// Scale rule of NVFP4 without saturation: the block's E4M3 number is rounded up. Comes in: a weight and its grid.
// Goes out: a rule. Source: NVIDIA's NVFP4 two-level scale; docs/design/03-formats-and-methods.md (rounding up).

import type { ScaleRule } from '@lotion/core'
import { divisor } from './absmax.js'
import { e4m3, largestOf, smallestCovering } from './minifloat.js'
import { topPoint } from './top-point.js'

/**
 * With y = (w / tensorMax) · 448 · top: e is the smallest E4M3 number with e · top ≥ max |y| of the block, x = y / e,
 * scale = e · t, t = tensorMax / (448 · top). The division by the tensor's maximum comes first: no step leaves the grid.
 */
export const e4m3Ceil: ScaleRule = Object.freeze({
  name: 'e4m3-ceil',
  claims: Object.freeze({ continuous: false, saturates: false }),
  bits: 8,
  tensorBits: 32,
  scaled: (w, grid) => {
    const top = topPoint(grid)
    const all = largestOf(e4m3) * top
    const amax = w.abs().blockMax()
    const tensorMax = w.abs().tensorMax()
    const shared = divisor(tensorMax)
    const block = smallestCovering(e4m3, amax.div(shared).mul(all), top)
    const tensor = tensorMax.div(all)
    return {
      x: w.div(shared).mul(all).div(divisor(block)),
      scale: block.mul(tensor),
      statistics: [amax, tensorMax],
      factors: { block, tensor },
    }
  },
} satisfies ScaleRule)
