// Format: 8-bit floats E4M3 (largest 448) with an absmax scale. Comes in: nothing. Goes out: a format.
// Source: OFP8 v1.0 (elements); LOTION (scale).

import { signMagnitude } from './element-codes.js'
import { defineFormat } from './format.js'
import { minifloatGrid } from './minifloat-grid.js'
import { e4m3 } from './minifloat.js'
import { f32Scale } from './scale-codes.js'

/** FP8 E4M3: blocks of 32 unless told otherwise by `withBlock`. */
export const fp8E4m3 = defineFormat({
  name: 'fp8-e4m3',
  grid: minifloatGrid(e4m3),
  packing: { codes: signMagnitude(e4m3), scale: f32Scale },
})
