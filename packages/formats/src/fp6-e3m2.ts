// Format: 6-bit floats E3M2 (largest 28) with an absmax scale. Comes in: nothing. Goes out: a format.
// Source: OCP Microscaling Formats v1.0, section 5.3.2 (elements); LOTION (scale).

import { signMagnitude } from './element-codes.js'
import { defineFormat } from './format.js'
import { minifloatGrid } from './minifloat-grid.js'
import { e3m2 } from './minifloat.js'
import { f32Scale } from './scale-codes.js'

/** FP6 E3M2: blocks of 32 unless told otherwise by `withBlock`. */
export const fp6E3m2 = defineFormat({
  name: 'fp6-e3m2',
  grid: minifloatGrid(e3m2),
  packing: { codes: signMagnitude(e3m2), scale: f32Scale },
})
