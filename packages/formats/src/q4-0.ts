// Format: GGUF Q4_0 as LOTION uses it, codes −7 … 7 with an f16 scale. Comes in: nothing. Goes out: a format.
// Source: ggml's block_q4_0 (blocks of 32: an f16 scale, 4-bit codes + 8). Its own quantizer maps the signed
// maximum to code −8; a symmetric grid is what randomized rounding needs, and every reader decodes it.

import { blockOf } from '@lotion/core'
import { offsetBinary } from './element-codes.js'
import { absmaxF16 } from './float-scale.js'
import { defineFormat } from './format.js'
import { intGrid } from './int-grid.js'
import { f16Scale } from './scale-codes.js'

/** GGUF Q4_0: codes −7 … 7, blocks of 32, f16 scale rounded up. */
export const q4_0 = defineFormat({
  name: 'q4_0',
  grid: intGrid(4),
  scale: absmaxF16,
  standardBlock: blockOf(32),
  packing: { codes: offsetBinary(4, 8), scale: f16Scale, together: true },
})
