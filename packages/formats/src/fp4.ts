// Format: 4-bit floats E2M1 with an absmax scale. Comes in: nothing. Goes out: a format.
// Source: OCP Microscaling Formats v1.0, section 5.3.3 (elements); LOTION (scale).

import { e2m1Grid } from './e2m1-grid.js'
import { signMagnitude } from './element-codes.js'
import { defineFormat } from './format.js'
import { e2m1 } from './minifloat.js'
import { f32Scale } from './scale-codes.js'

/** FP4: E2M1 elements, blocks of 32 unless told otherwise by `withBlock`. */
export const fp4 = defineFormat({
  name: 'fp4',
  grid: e2m1Grid,
  packing: { codes: signMagnitude(e2m1), scale: f32Scale },
})
