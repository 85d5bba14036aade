// Format: GGUF Q8_0, codes −127 … 127 with an f16 scale. Comes in: nothing. Goes out: a format.
// Source: ggml's block_q8_0 (blocks of 32: an f16 scale, 8-bit codes). ggml rounds the scale to nearest,
// which clips; here it is rounded up.

import { blockOf } from '@lotion/core'
import { twosComplement } from './element-codes.js'
import { absmaxF16 } from './float-scale.js'
import { defineFormat } from './format.js'
import { intGrid } from './int-grid.js'
import { f16Scale } from './scale-codes.js'

/** GGUF Q8_0: codes −127 … 127, blocks of 32, f16 scale rounded up. */
export const q8_0 = defineFormat({
  name: 'q8_0',
  grid: intGrid(8),
  scale: absmaxF16,
  standardBlock: blockOf(32),
  packing: { codes: twosComplement(8), scale: f16Scale, together: true },
})
