// Format: MXFP4, blocks of 32 E2M1 elements with a power of two as scale. Comes in: nothing. Goes out: a
// format.
// Source: OCP Microscaling Formats v1.0, section 5.2. The specification's own scale, `e8m0Floor`, saturates:
// training uses `e8m0Ceil`; `withScale(mxfp4, e8m0Floor)` is the specification to the letter.

import { blockOf } from '@lotion/core'
import { e8m0Ceil } from './e8m0-ceil.js'
import { signMagnitude } from './element-codes.js'
import { defineFormat } from './format.js'
import { minifloatGrid } from './minifloat-grid.js'
import { e2m1 } from './minifloat.js'
import { e8m0Codes } from './scale-codes.js'

/** MXFP4: E2M1 elements, blocks of 32, E8M0 scale rounded up. */
export const mxfp4 = defineFormat({
  name: 'mxfp4',
  grid: minifloatGrid(e2m1),
  scale: e8m0Ceil,
  standardBlock: blockOf(32),
  packing: { codes: signMagnitude(e2m1), scale: e8m0Codes },
})
