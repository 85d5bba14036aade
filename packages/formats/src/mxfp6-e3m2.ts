// Format: MXFP6 (E3M2), blocks of 32 E3M2 elements with a power of two as scale. Comes in: nothing. Goes out:
// a format.
// Source: OCP Microscaling Formats v1.0, section 5.2. The specification's own scale, `e8m0Floor`, saturates:
// training uses `e8m0Ceil`; `withScale(mxfp6E3m2, e8m0Floor)` is the specification to the letter.

import { blockOf } from '@lotion/core'
import { e8m0Ceil } from './e8m0-ceil.js'
import { signMagnitude } from './element-codes.js'
import { defineFormat } from './format.js'
import { minifloatGrid } from './minifloat-grid.js'
import { e3m2 } from './minifloat.js'
import { e8m0Codes } from './scale-codes.js'

/** MXFP6-E3M2: E3M2 elements, blocks of 32, E8M0 scale rounded up. */
export const mxfp6E3m2 = defineFormat({
  name: 'mxfp6-e3m2',
  grid: minifloatGrid(e3m2),
  scale: e8m0Ceil,
  standardBlock: blockOf(32),
  packing: { codes: signMagnitude(e3m2), scale: e8m0Codes },
})
