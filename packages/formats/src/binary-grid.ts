// Grid: −1 and 1. Comes in: nothing. Goes out: a grid. Source: BinaryConnect (arXiv 1511.00363).

import { gridFromPoints } from './grid-from-points.js'

/** The two points of binary weights; a weight of 0 is cast to 1. */
export const binaryGrid = gridFromPoints('binary', [-1, 1])
