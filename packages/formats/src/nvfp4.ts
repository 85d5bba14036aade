// Format: NVFP4, blocks of 16 E2M1 elements with an E4M3 scale, and one f32 scale a tensor. Comes in:
// nothing. Goes out: a format.
// Source: NVIDIA's NVFP4 (Blackwell). Its own block scale, `e4m3Nearest`, saturates about half of Gaussian
// blocks: training uses `e4m3Ceil`; `withScale(nvfp4, e4m3Nearest)` is the recipe of inference libraries.

import { blockOf } from '@lotion/core'
import { e2m1Grid } from './e2m1-grid.js'
import { e4m3Ceil } from './e4m3-ceil.js'
import { signMagnitude } from './element-codes.js'
import { defineFormat } from './format.js'
import { e2m1 } from './minifloat.js'
import { e4m3Scale, f32Scale } from './scale-codes.js'

/** NVFP4: E2M1 elements, blocks of 16, two-level scale rounded up. */
export const nvfp4 = defineFormat({
  name: 'nvfp4',
  grid: e2m1Grid,
  scale: e4m3Ceil,
  standardBlock: blockOf(16),
  packing: { codes: signMagnitude(e2m1), scale: e4m3Scale, tensorScale: f32Scale },
})
