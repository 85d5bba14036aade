// Type: Q4_1, blocks of 32 codes of 4 bits, times a half, plus a half. Comes in: nothing. Goes out: a type.
// Source: ggml's block_q4_1.

import { defineGgufType, halfAt } from '../gguf-type.js'

/** d · q + m; of the codes the first sixteen stand in low nibbles. */
export const q4_1 = defineGgufType({
  name: 'Q4_1',
  id: 3,
  weights: 32,
  bytes: 20,
  block: (bytes, at, into, to, f16) => {
    const d = halfAt(f16, bytes, at)
    const m = halfAt(f16, bytes, at + 2)
    for (let k = 0; k < 16; k++) {
      const byte = bytes[at + 4 + k]!
      into[to + k] = d * (byte & 15) + m
      into[to + 16 + k] = d * (byte >> 4) + m
    }
  },
})
