// Which numbers of a small float are scales of a grid. Comes in: a float, a grid. Goes out: numbers.
// Source: docs/design/03-formats-and-methods.md (rounding up, casting twice).

import type { Grid } from '@lotion/core'
import { isNested, largestFiniteScale, stepsAtTop } from './grid-precision.js'
import { largestOf, type Minifloat, type ScaleNumbers } from './minifloat.js'

type Points = Pick<Grid, 'points'>

/**
 * Grids of at most so many steps take powers of two among the smallest scales. For int4 that is below 16 ·
 * 2^-24 of f16, blocks up to 6.7e-6; for int8 it would be below 256 · 2^-24, blocks up to 1.9e-3 that real
 * layers have, at 3 dB: there every scale is kept.
 */
const FEW_STEPS = 32

/** Whether it is such a grid, and twice a point is a point. */
export const isShort = (grid: Points): boolean => isNested(grid) && stepsAtTop(grid) <= FEW_STEPS

/** The scales that a grid takes of a float. */
export function scalesOf(float: Minifloat, grid: Points): ScaleNumbers {
  const smallest = 2 ** (1 - float.bias - float.mantissaBits)
  const dense = smallest * 2 ** Math.ceil(Math.log2(stepsAtTop(grid) - 1))
  const largest = Math.min(largestOf(float), largestFiniteScale(grid, 1 + float.mantissaBits))
  return { float, largest, ...(isShort(grid) ? { dense } : {}) }
}
