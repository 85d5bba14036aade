// Format: symmetric 4-bit integers, codes −7 … 7, absmax scale. Comes in: nothing. Goes out: a format.
// Source: LOTION (arXiv 2510.08757).

import { twosComplement } from './element-codes.js'
import { defineFormat } from './format.js'
import { intGrid } from './int-grid.js'
import { f32Scale } from './scale-codes.js'

/** INT4: ±7, blocks of 32 unless told otherwise by `withBlock`. */
export const int4 = defineFormat({
  name: 'int4',
  grid: intGrid(4),
  packing: { codes: twosComplement(4), scale: f32Scale },
})
