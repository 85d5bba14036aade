// Format: 8-bit floats E5M2 (largest 57344) with an absmax scale. Comes in: nothing. Goes out: a format.
// Source: OFP8 v1.0 (elements); LOTION, section 2 (scale).

import { defineFormat } from './format.js'
import { e5m2 } from './minifloat.js'
import { minifloatGrid } from './minifloat-grid.js'

/** FP8 E5M2: blocks of 32 unless told otherwise by `withBlock`. */
export const fp8E5m2 = defineFormat({ name: 'fp8-e5m2', grid: minifloatGrid(e5m2) })
