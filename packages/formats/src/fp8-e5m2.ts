// Format: 8-bit floats E5M2 (largest 57344) with an absmax scale. Comes in: nothing. Goes out: a format.
// Source: OFP8 v1.0 (elements); LOTION (scale).

import { signMagnitude } from './element-codes.js'
import { defineFormat } from './format.js'
import { minifloatGrid } from './minifloat-grid.js'
import { e5m2 } from './minifloat.js'
import { f32Scale } from './scale-codes.js'

/** FP8 E5M2: blocks of 32 unless told otherwise by `withBlock`. */
export const fp8E5m2 = defineFormat({
  name: 'fp8-e5m2',
  grid: minifloatGrid(e5m2),
  packing: { codes: signMagnitude(e5m2), scale: f32Scale },
})
