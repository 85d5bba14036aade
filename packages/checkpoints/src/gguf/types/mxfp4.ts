// Type: MXFP4, blocks of 32 codes of E2M1, times a power of two. Comes in: nothing. Goes out: a type.
// Source: ggml's block_mxfp4; the bytes of the format `gguf-mxfp4` of @lotion/formats, but that a scale of
// 255, which OCP calls no number, is 2^128 in ggml, and the code of −0 is 0.

import { defineGgufType } from '../gguf-type.js'

/** Twice the values of E2M1. */
const points = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12]

/** 2^(e − 128) · twice the point; of the codes the first sixteen stand in low nibbles. */
export const mxfp4 = defineGgufType({
  name: 'MXFP4',
  id: 39,
  weights: 32,
  bytes: 17,
  block: (bytes, at, into, to) => {
    const d = 2 ** (bytes[at]! - 128)
    for (let k = 0; k < 16; k++) {
      const byte = bytes[at + 1 + k]!
      into[to + k] = d * points[byte & 15]!
      into[to + 16 + k] = d * points[byte >> 4]!
    }
  },
})
