// Format: symmetric 8-bit integers, codes −127 … 127, absmax scale. Comes in: nothing. Goes out: a format.
// Source: LOTION (arXiv 2510.08757).

import { twosComplement } from './element-codes.js'
import { defineFormat } from './format.js'
import { intGrid } from './int-grid.js'
import { f32Scale } from './scale-codes.js'

/** INT8: ±127, blocks of 32 unless told otherwise by `withBlock`. */
export const int8 = defineFormat({
  name: 'int8',
  grid: intGrid(8),
  packing: { codes: twosComplement(8), scale: f32Scale },
})
