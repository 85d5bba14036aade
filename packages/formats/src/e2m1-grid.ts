// Grid: the 4-bit float E2M1, 0 ½ 1 1½ 2 3 4 6 and their negatives. Comes in: nothing. Goes out: a grid.
// Source: OCP Microscaling Formats v1.0, section 5.3.3.

import { e2m1 } from './minifloat.js'
import { minifloatGrid } from './minifloat-grid.js'

/** The grid of E2M1. */
export const e2m1Grid = minifloatGrid(e2m1)
