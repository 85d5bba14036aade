// Scale rule: the block's largest magnitude lands exactly on the largest grid point.
// Comes in: a weight and its block's absmax. Goes out: the weight in grid units and the scale. Source: LOTION, section 2.

import type { ScaleRule } from '@lotion/core'

/**
 * Scale by the absolute maximum, kept in f32: x = (w / amax) · top, scale = amax / top.
 * Dividing first makes |w| = amax give exactly `top`. An all-zero block has scale 0 and x = 0.
 */
export const absmax: ScaleRule = Object.freeze({
  name: 'absmax',
  claims: Object.freeze({ continuous: true, saturates: false }),
  bits: 32,
  scaled: (w, amax, top) => {
    const divisor = amax.mul(-1).less(0, amax, 1)
    return { x: w.div(divisor).mul(top), scale: amax.div(top) }
  },
} satisfies ScaleRule)
