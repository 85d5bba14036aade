// Scale rules: absmax with the scale stored as a 16-bit float, rounded up so that no weight leaves the grid.
// Comes in: a weight and its grid. Goes out: the weight in grid units and the scale.
// Source: GGUF block formats (f16 scale); docs/design/03-formats-and-methods.md (rounding up).

import type { ScaleRule } from '@lotion/core'
import { divisor } from './absmax.js'
import { bf16, f16, smallestCovering, type Minifloat } from './minifloat.js'
import { topPoint } from './top-point.js'

/**
 * Scale by the smallest float s with s · top ≥ amax; x = w / s. Nothing saturates while amax ≤ top · the largest float;
 * beyond, the scale stays at the largest float. An all-zero block has scale 0 and x = 0.
 */
export function floatScale(float: Minifloat): ScaleRule {
  return Object.freeze({
    name: `absmax-${float.name}`,
    claims: Object.freeze({ continuous: false, saturates: false }),
    bits: 1 + float.exponentBits + float.mantissaBits,
    scaled: (w, grid) => {
      const amax = w.abs().blockMax()
      const scale = smallestCovering(float, amax, topPoint(grid))
      return { x: w.div(divisor(scale)), scale, statistics: [amax] }
    },
  } satisfies ScaleRule)
}

/** Absmax with an f16 scale, rounded up: for amax ≤ 65504 · top. */
export const absmaxF16 = floatScale(f16)

/** Absmax with a bf16 scale, rounded up: for any amax. */
export const absmaxBf16 = floatScale(bf16)
