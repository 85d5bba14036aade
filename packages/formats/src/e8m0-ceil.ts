// Scale rule: the smallest power of two that covers the block. Comes in: see `e8m0Scale`. Goes out: a rule.
// Source: rounding up of amax / top to E8M0, known as RCEIL (cuBLAS, torchao); OCP MX v1.0, section 5.4.1 for
// the range.

import { e8m0Scale, limited } from './e8m0-scale.js'
import { isNested } from './grid-precision.js'

/**
 * E8M0 rounded up: the smallest power of two s with s · top ≥ amax. Never saturates while amax and top · s
 * are finite in f32.
 */
export const e8m0Ceil = e8m0Scale(
  'e8m0-ceil',
  { saturates: false, repeats: isNested },
  ({ amax, top, topBinade }) => {
    const power = limited(amax.binade().div(topBinade))
    return power.mul(top).less(amax, power.mul(2), power)
  },
)
