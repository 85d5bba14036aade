// Type: Q5_0, blocks of 32 codes of 5 bits around 16, times a half. Comes in: nothing. Goes out: a type.
// Source: ggml's block_q5_0.

import { defineGgufType, halfAt } from '../gguf-type.js'

/** d · (q − 16); the fifth bits of all codes stand before their nibbles, the first code's lowest. */
export const q5_0 = defineGgufType({
  name: 'Q5_0',
  id: 6,
  weights: 32,
  bytes: 22,
  block: (bytes, at, into, to, f16) => {
    const d = halfAt(f16, bytes, at)
    for (let k = 0; k < 16; k++) {
      const byte = bytes[at + 6 + k]!
      const [low, high] = [bytes[at + 2 + (k >> 3)]!, bytes[at + 4 + (k >> 3)]!]
      into[to + k] = d * (((byte & 15) | (((low >> (k & 7)) & 1) << 4)) - 16)
      into[to + 16 + k] = d * (((byte >> 4) | (((high >> (k & 7)) & 1) << 4)) - 16)
    }
  },
})
