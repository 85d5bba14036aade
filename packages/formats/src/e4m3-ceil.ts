// Scale rule of NVFP4 without saturation: the block's E4M3 number is rounded up. Comes in: a weight and its
// grid. Goes out: a rule. Source: NVIDIA's NVFP4 two-level scale; docs/design/03-formats-and-methods.md
// (rounding up, casting twice).

import type { Grid, ScaleRule } from '@lotion/core'
import { divisor } from './absmax.js'
import {
  isNested,
  largestFiniteScale,
  roundedDown,
  significantBits,
  stepsAtTop,
  unitExponent,
} from './grid-precision.js'
import { e4m3, largestOf, minifloat, smallestCovering, type ScaleNumbers } from './minifloat.js'
import { topPoint } from './top-point.js'
import { twoLevels } from './two-level-scale.js'

/** Below 2^-6 E4M3 has fewer than four bits: only powers of two there, so that maxima keep their scale. */
const blocks: ScaleNumbers = { float: e4m3, dense: 2 ** -6 }

/**
 * Numbers so short that point · (e · t) is exact in f32: 16 significant bits, fewer on grids whose points and
 * E4M3's four bits do not leave as many of f32's 24, and no bit below what f32 still has after both products.
 */
function tensorScales(grid: Grid): ScaleNumbers {
  const bits = hasShortPoints(grid) ? Math.min(16, 20 - significantBits(grid)) : 16
  const lowest = hasShortPoints(grid) ? -149 + 9 - Math.min(unitExponent(grid), 0) : -149
  const float = minifloat({
    name: 'tensor scale',
    exponentBits: 8,
    mantissaBits: bits - 1,
    bias: 2 - bits - lowest,
  })
  return { float, largest: roundedDown(largestFiniteScale(grid) / largestOf(e4m3), bits) }
}

const hasShortPoints = (grid: Grid): boolean => significantBits(grid) <= 8

const repeats = (grid: Grid): boolean => hasShortPoints(grid) && isNested(grid) && stepsAtTop(grid) <= 8

/**
 * t is the smallest number of 16 bits with 448 · top · t ≥ the tensor's maximum, e the smallest E4M3 number
 * (below 2^-6, power of two) with e · top · t ≥ the block's; scale = e · t, x = w / scale. All products are
 * exact: no step leaves the grid, and a cast weight is found again to the bit.
 */
export const e4m3Ceil: ScaleRule = Object.freeze({
  name: 'e4m3-ceil',
  claims: Object.freeze({
    continuous: false,
    saturates: false,
    // Where E4M3's steps are coarser than the grid's last one, a maximum may be cast below the top and fit a
    // smaller scale.
    repeats,
    // A block of zeros has scale 0: without a point 0 it is no point.
    isExact: (grid: Grid) => (repeats(grid) && grid.points.includes(0)) || undefined,
  }),
  bits: 8,
  stored: 'e4m3',
  tensorBits: 32,
  reach: (grid) => tensorScales(grid).largest! * largestOf(e4m3) * topPoint(grid),
  scaled: (w, grid) => {
    const top = topPoint(grid)
    const amax = w.abs().blockMax()
    const tensorMax = w.abs().tensorMax()
    const tensor = smallestCovering(tensorScales(grid), tensorMax, largestOf(e4m3) * top)
    const block = smallestCovering(blocks, amax, divisor(tensor.mul(top)))
    return twoLevels(w, [amax, tensorMax], { block, tensor })
  },
} satisfies ScaleRule)
