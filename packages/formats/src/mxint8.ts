// Format: MXINT8, blocks of 32 integers in units of 1/64 with a power of two as scale. Comes in: nothing.
// Goes out: a format.
// Source: OCP Microscaling Formats v1.0, sections 5.2 and 5.3.4; the code −128 is left out, as the
// specification allows. Its own scale, `e8m0Floor`, saturates above 127/64: training uses `e8m0Ceil`.

import { blockOf } from '@lotion/core'
import { e8m0Ceil } from './e8m0-ceil.js'
import { twosComplement } from './element-codes.js'
import { defineFormat } from './format.js'
import { intGrid } from './int-grid.js'
import { e8m0Codes } from './scale-codes.js'
import { scaledGrid } from './scaled-grid.js'

/** MXINT8: −127/64 … 127/64, blocks of 32, E8M0 scale rounded up. */
export const mxint8 = defineFormat({
  name: 'mxint8',
  grid: scaledGrid(intGrid(8), 2 ** -6),
  scale: e8m0Ceil,
  standardBlock: blockOf(32),
  packing: { codes: twosComplement(8, 2 ** -6), scale: e8m0Codes },
})
