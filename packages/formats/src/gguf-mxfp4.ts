// Format: GGUF MXFP4, E2M1 elements with a power of two as scale. Comes in: nothing. Goes out: a format.
// Source: ggml's block_mxfp4 (blocks of 32: an E8M0 byte, 4-bit codes). The weights are those of `mxfp4`, the
// layout of the bytes differs; ggml's own quantizer truncates the scale (`e8m0Floor`).

import { defineFormat } from './format.js'
import { signMagnitude } from './element-codes.js'
import { e2m1 } from './minifloat.js'
import { mxfp4 } from './mxfp4.js'
import { e8m0Codes } from './scale-codes.js'

/** GGUF MXFP4: E2M1 elements, blocks of 32, E8M0 scale rounded up. */
export const ggufMxfp4 = defineFormat({
  ...mxfp4,
  name: 'gguf-mxfp4',
  packing: { codes: signMagnitude(e2m1), scale: e8m0Codes, together: true },
})
