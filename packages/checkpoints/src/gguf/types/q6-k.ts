// Type: Q6_K, blocks of 256 codes of 6 bits; each sixteen of them have a scale of 8 bits. Comes in: nothing.
// Goes out: a type. Source: ggml's block_q6_K.

import { defineGgufType, halfAt, signed } from '../gguf-type.js'

/** (d · scale) · (q − 32); 128 bytes of low nibbles, 64 of the other two bits, 16 scales with a sign, d. */
export const q6K = defineGgufType({
  name: 'Q6_K',
  id: 14,
  weights: 256,
  bytes: 210,
  block: (bytes, at, into, to, f16) => {
    const d = halfAt(f16, bytes, at + 208)
    for (let group = 0; group < 16; group++) {
      const scale = d * signed(bytes[at + 192 + group]!)
      // Eight groups of a half block: four in low nibbles and four in high ones, two bits in each quarter.
      const [half, within] = [group >> 3, group & 7]
      const low = at + 64 * half + 16 * (within & 3)
      const high = at + 128 + 32 * half + 16 * (within & 1)
      const [nibble, pair] = [4 * (within >> 2), 2 * (within >> 1)]
      for (let k = 0; k < 16; k++) {
        const code = ((bytes[low + k]! >> nibble) & 15) | (((bytes[high + k]! >> pair) & 3) << 4)
        into[to + 16 * group + k] = scale * (code - 32)
      }
    }
  },
})
