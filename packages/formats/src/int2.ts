// Format: symmetric 2-bit integers, codes −1 … 1, absmax scale. Comes in: nothing. Goes out: a format.
// Source: LOTION (arXiv 2510.08757).

import { twosComplement } from './element-codes.js'
import { defineFormat } from './format.js'
import { intGrid } from './int-grid.js'
import { f32Scale } from './scale-codes.js'

/** INT2: ±1, blocks of 32 unless told otherwise by `withBlock`. */
export const int2 = defineFormat({
  name: 'int2',
  grid: intGrid(2),
  packing: { codes: twosComplement(2), scale: f32Scale },
})
