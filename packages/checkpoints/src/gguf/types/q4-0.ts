// Type: Q4_0, blocks of 32 codes of 4 bits around 8, times a half. Comes in: nothing. Goes out: a type.
// Source: ggml's block_q4_0; the bytes of the format `q4_0` of @lotion/formats.

import { defineGgufType, halfAt } from '../gguf-type.js'

/** d · (q − 8); of the codes the first sixteen stand in low nibbles. */
export const q4_0 = defineGgufType({
  name: 'Q4_0',
  id: 2,
  weights: 32,
  bytes: 18,
  block: (bytes, at, into, to, f16) => {
    const d = halfAt(f16, bytes, at)
    for (let k = 0; k < 16; k++) {
      const byte = bytes[at + 2 + k]!
      into[to + k] = d * ((byte & 15) - 8)
      into[to + 16 + k] = d * ((byte >> 4) - 8)
    }
  },
})
