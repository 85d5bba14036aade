// Format: GGUF Q4_0 with all 16 codes, laid as ggml's own quantizer does but for rounding. Comes in: nothing.
// Goes out: a format.
// Source: ggml's block_q4_0 (blocks of 32: an f16 scale of either sign, 4-bit codes + 8).

import { blockOf } from '@lotion/core'
import { offsetBinary } from './element-codes.js'
import { defineFormat } from './format.js'
import { f16Scale } from './scale-codes.js'
import { signedMaxF16 } from './signed-scale.js'
import { wholeNumbers } from './whole-numbers.js'

/**
 * GGUF Q4_0 with codes −8 … 7: the block's largest weight, with its sign, is code −8. An eighth finer than
 * `q4_0`, for casts and straight-through training; a random cast is biased where it saturates.
 */
export const q4_0Full = defineFormat({
  name: 'q4_0-full',
  grid: wholeNumbers('int4-full', -8, 7),
  scale: signedMaxF16,
  standardBlock: blockOf(32),
  packing: { codes: offsetBinary(4, 8), scale: f16Scale, together: true },
})
