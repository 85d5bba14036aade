// Scale rule: amax / top rounded to the nearest power of two. Comes in: see `e8m0Scale`. Goes out: a rule.
// Source: IEEE 754-2019, section 4.3.1, applied to E8M0 (OCP MX v1.0, section 5.4.1); ties go up, as
// ml_dtypes and PyTorch convert.

import { constantsOf, e8m0Scale, nearestOf } from './e8m0-scale.js'

/**
 * E8M0 nearest to amax / top: from 1.5 times a power of two on, the next one. Saturates. A maximum that is
 * cast to less than ¾ top has half the scale when cast again, and is clipped: on most grids casting twice
 * changes weights by up to a half.
 */
export const e8m0Nearest = e8m0Scale(
  'e8m0-nearest',
  {
    saturates: true,
    repeats: (grid) => {
      const { top } = constantsOf(grid)
      return nearestOf(grid, 0.75 * top, 'down') >= 0.75 * top
    },
  },
  ({ amax, top }) => {
    const ratio = amax.div(top)
    const power = ratio.binade()
    return ratio.less(power.mul(1.5), power, power.mul(2))
  },
)
