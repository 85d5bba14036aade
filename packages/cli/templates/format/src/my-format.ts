// A number format: the points that weights may take, the scale of a block, and the block. Change any of them.

import { blockOf } from '@lotion/core'
import { absmax, defineFormat, f32Scale, gridFromPoints, listPositions } from '@lotion/formats'

/** Powers of two and 0: fifteen points, four bits. */
const magnitudes = [1, 2, 4, 8, 16, 32, 64]
const grid = gridFromPoints('my-format', [...magnitudes.map((m) => -m).reverse(), 0, ...magnitudes])

/** Weights in blocks of 16; the largest of a block lands on the largest point. */
export const myFormat = defineFormat({
  name: 'my-format',
  grid,
  scale: absmax,
  block: blockOf(16),
  // How a file stores it: a point's position in the list, and a scale of 32 bits for each block.
  packing: { codes: listPositions(grid.points), scale: f32Scale },
})
