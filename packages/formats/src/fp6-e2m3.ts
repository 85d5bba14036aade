// Format: 6-bit floats E2M3 (largest 7.5) with an absmax scale. Comes in: nothing. Goes out: a format.
// Source: OCP Microscaling Formats v1.0, section 5.3.2 (elements); LOTION (scale).

import { signMagnitude } from './element-codes.js'
import { defineFormat } from './format.js'
import { minifloatGrid } from './minifloat-grid.js'
import { e2m3 } from './minifloat.js'
import { f32Scale } from './scale-codes.js'

/** FP6 E2M3: blocks of 32 unless told otherwise by `withBlock`. */
export const fp6E2m3 = defineFormat({
  name: 'fp6-e2m3',
  grid: minifloatGrid(e2m3),
  packing: { codes: signMagnitude(e2m3), scale: f32Scale },
})
