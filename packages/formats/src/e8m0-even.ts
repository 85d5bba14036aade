// Scale rule: as `e8m0Floor`, after the block maximum was rounded to the elements' precision. Comes in: see
// `e8m0Scale`. Goes out: a rule. Source: the `even` scale calculation of torchao and Quark (half a step added
// before truncation).

import { constantsOf, e8m0Scale, nearestOf } from './e8m0-scale.js'

/** E8M0 of the maximum rounded to the grid's precision (halves up): saturates less than `e8m0Floor`. */
export const e8m0Even = e8m0Scale(
  'e8m0-even',
  {
    saturates: true,
    // Maxima reach from a quarter step below the top's binade to half a step above the top, and must be cast
    // into that binade.
    repeats: (grid) => {
      const { top, topBinade, gap } = constantsOf(grid)
      const low = topBinade - gap / 4
      return nearestOf(grid, low, 'up') >= topBinade && top < 2 * topBinade - gap / 2
    },
  },
  ({ amax, topBinade, gap }) => {
    // At half the size, so that no sum overflows; what a subnormal maximum loses lies below the smallest
    // scale.
    const half = amax.mul(0.5)
    const halfStep = half.binade().mul(gap / (2 * topBinade))
    return half
      .add(halfStep)
      .binade()
      .mul(2 / topBinade)
  },
)
