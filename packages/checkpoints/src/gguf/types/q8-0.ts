// Type: Q8_0, blocks of 32 bytes with a sign, times a half. Comes in: nothing. Goes out: a type.
// Source: ggml's block_q8_0; the bytes of the format `q8_0` of @lotion/formats.

import { defineGgufType, halfAt, signed } from '../gguf-type.js'

/** d · q. */
export const q8_0 = defineGgufType({
  name: 'Q8_0',
  id: 8,
  weights: 32,
  bytes: 34,
  block: (bytes, at, into, to, f16) => {
    const d = halfAt(f16, bytes, at)
    for (let k = 0; k < 32; k++) into[to + k] = d * signed(bytes[at + 2 + k]!)
  },
})
