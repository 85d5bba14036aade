// Scale rules: absmax with the scale stored as a 16-bit float, rounded up so that no weight leaves the grid.
// Comes in: a weight and its grid. Goes out: the weight in grid units and the scale.
// Source: GGUF block formats (f16 scale); docs/design/03-formats-and-methods.md (rounding up, casting twice).

import type { Grid, ScaleRule } from '@lotion/core'
import { divisor } from './absmax.js'
import { significantBits, stepsAtTop } from './grid-precision.js'
import { bf16, f16, smallestCovering, type Minifloat } from './minifloat.js'
import { isShort, scalesOf } from './scale-numbers.js'
import { topPoint } from './top-point.js'

/**
 * Scale by the smallest float s with s · top ≥ amax; x = w / s. Among subnormals with fewer bits than a small
 * grid needs, s is a power of two. Nothing saturates while amax ≤ top · the largest float; beyond, the scale
 * stays at the largest float. An all-zero block has scale 0 and x = 0.
 * @param float What a scale is stored as; its sign is not used.
 */
export function floatScale(float: Minifloat): ScaleRule {
  const repeats = (grid: Grid): boolean => isShort(grid) && stepsAtTop(grid) <= 2 ** float.mantissaBits
  return Object.freeze({
    name: `absmax-${float.name}`,
    claims: Object.freeze({
      continuous: false,
      saturates: false,
      // Where the float's steps are coarser than the grid's last one, a maximum may be cast below the top and
      // fit a smaller scale.
      repeats,
      isExact: (grid: Grid) =>
        (repeats(grid) &&
          // A block of zeros has scale 0: without a point 0 it is no point.
          grid.points.includes(0) &&
          significantBits(grid) + float.mantissaBits + 1 <= 24) ||
        undefined,
    }),
    stored: float.name,
    bits: 1 + float.exponentBits + float.mantissaBits,
    reach: (grid) => scalesOf(float, grid).largest! * topPoint(grid),
    scaled: (w, grid) => {
      const amax = w.abs().blockMax()
      const scale = smallestCovering(scalesOf(float, grid), amax, topPoint(grid))
      return { x: w.div(divisor(scale)), scale, statistics: [amax], follows: amax }
    },
  } satisfies ScaleRule)
}

/** Absmax with an f16 scale, rounded up: for amax ≤ 65504 · top. */
export const absmaxF16 = floatScale(f16)

/** Absmax with a bf16 scale, rounded up: for any amax. */
export const absmaxBf16 = floatScale(bf16)
