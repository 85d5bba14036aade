// Format: NF4, sixteen quantiles of the normal distribution with an absmax scale. Comes in: nothing.
// Goes out: a format.
// Source: QLoRA (arXiv 2305.14314), appendix E: the sixteen numbers. Blocks of 64 as there; its scales are
// not quantized again.

import { blockOf } from '@lotion/core'
import { listPositions } from './element-codes.js'
import { defineFormat } from './format.js'
import { gridFromPoints } from './grid-from-points.js'
import { f32Scale } from './scale-codes.js'

/** The sixteen points of NF4, from −1 to 1; a point's position is its code. */
export const nf4Grid = gridFromPoints(
  'nf4',
  [
    -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
    -0.18477343022823334, -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725,
    0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1,
  ],
)

/** NF4: blocks of 64 unless told otherwise by `withBlock`. */
export const nf4 = defineFormat({
  name: 'nf4',
  grid: nf4Grid,
  block: blockOf(64),
  packing: { codes: listPositions(nf4Grid.points), scale: f32Scale },
})
