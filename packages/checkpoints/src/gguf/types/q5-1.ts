// Type: Q5_1, blocks of 32 codes of 5 bits, times a half, plus a half. Comes in: nothing. Goes out: a type.
// Source: ggml's block_q5_1.

import { defineGgufType, halfAt } from '../gguf-type.js'

/** d · q + m; the fifth bits of all codes stand before their nibbles, the first code's lowest. */
export const q5_1 = defineGgufType({
  name: 'Q5_1',
  id: 7,
  weights: 32,
  bytes: 24,
  block: (bytes, at, into, to, f16) => {
    const d = halfAt(f16, bytes, at)
    const m = halfAt(f16, bytes, at + 2)
    for (let k = 0; k < 16; k++) {
      const byte = bytes[at + 8 + k]!
      const [low, high] = [bytes[at + 4 + (k >> 3)]!, bytes[at + 6 + (k >> 3)]!]
      into[to + k] = d * ((byte & 15) | (((low >> (k & 7)) & 1) << 4)) + m
      into[to + 16 + k] = d * ((byte >> 4) | (((high >> (k & 7)) & 1) << 4)) + m
    }
  },
})
