// Format: symmetric 3-bit integers, codes −3 … 3, absmax scale. Comes in: nothing. Goes out: a format.
// Source: LOTION (arXiv 2510.08757).

import { twosComplement } from './element-codes.js'
import { defineFormat } from './format.js'
import { intGrid } from './int-grid.js'
import { f32Scale } from './scale-codes.js'

/** INT3: ±3, blocks of 32 unless told otherwise by `withBlock`. */
export const int3 = defineFormat({
  name: 'int3',
  grid: intGrid(3),
  packing: { codes: twosComplement(3), scale: f32Scale },
})
