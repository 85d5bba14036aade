// Type: Q3_K, blocks of 256 codes of 3 bits; each sixteen of them have a scale of 6 bits. Comes in: nothing.
// Goes out: a type. Source: ggml's block_q3_K.

import { defineGgufType, halfAt } from '../gguf-type.js'

/** (d · scale) · (q − 4); 32 bytes of third bits, 64 of the other two, 12 of scales, d. */
export const q3K = defineGgufType({
  name: 'Q3_K',
  id: 11,
  weights: 256,
  bytes: 110,
  block: (bytes, at, into, to, f16) => {
    const d = halfAt(f16, bytes, at + 108)
    for (let group = 0; group < 16; group++) {
      const low = (bytes[at + 96 + (group & 7)]! >> (4 * (group >> 3))) & 15
      const high = (bytes[at + 104 + (group & 3)]! >> (2 * (group >> 2))) & 3
      const scale = d * ((low | (high << 4)) - 32)
      const half = 16 * (group & 1)
      const from = at + 32 + 32 * (group >> 3) + half
      const shift = 2 * ((group >> 1) & 3)
      for (let k = 0; k < 16; k++) {
        const third = (bytes[at + half + k]! >> (group >> 1)) & 1
        into[to + 16 * group + k] = scale * (((bytes[from + k]! >> shift) & 3) + 4 * third - 4)
      }
    }
  },
})
