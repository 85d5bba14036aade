// Grid: −1, 0, 1. Comes in: nothing. Goes out: a grid. Source: ternary weight networks (arXiv 1605.04711).

import type { Grid } from '@lotion/core'
import { intGrid } from './int-grid.js'

/** The three points of ternary weights: those of INT2. */
export const ternaryGrid: Grid = Object.freeze({ ...intGrid(2), name: 'ternary' })
