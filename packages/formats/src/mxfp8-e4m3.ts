// Format: MXFP8 (E4M3), blocks of 32 E4M3 elements with a power of two as scale. Comes in: nothing. Goes out:
// a format.
// Source: OCP Microscaling Formats v1.0, section 5.2. The specification's own scale, `e8m0Floor`, saturates:
// training uses `e8m0Ceil`; `withScale(mxfp8E4m3, e8m0Floor)` is the specification to the letter.

import { blockOf } from '@lotion/core'
import { e8m0Ceil } from './e8m0-ceil.js'
import { signMagnitude } from './element-codes.js'
import { defineFormat } from './format.js'
import { minifloatGrid } from './minifloat-grid.js'
import { e4m3 } from './minifloat.js'
import { e8m0Codes } from './scale-codes.js'

/** MXFP8-E4M3: E4M3 elements, blocks of 32, E8M0 scale rounded up. */
export const mxfp8E4m3 = defineFormat({
  name: 'mxfp8-e4m3',
  grid: minifloatGrid(e4m3),
  scale: e8m0Ceil,
  standardBlock: blockOf(32),
  packing: { codes: signMagnitude(e4m3), scale: e8m0Codes },
})
