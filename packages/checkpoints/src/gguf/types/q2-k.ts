// Type: Q2_K, blocks of 256 codes of 2 bits; each sixteen of them have a scale and a minimum of 4 bits.
// Comes in: nothing. Goes out: a type. Source: ggml's block_q2_K.

import { defineGgufType, halfAt } from '../gguf-type.js'

/** (d · scale) · q − dmin · minimum; 16 scales, 64 bytes of codes, d, dmin. */
export const q2K = defineGgufType({
  name: 'Q2_K',
  id: 10,
  weights: 256,
  bytes: 84,
  block: (bytes, at, into, to, f16) => {
    const d = halfAt(f16, bytes, at + 80)
    const dmin = halfAt(f16, bytes, at + 82)
    for (let group = 0; group < 16; group++) {
      const both = bytes[at + group]!
      const [scale, minimum] = [d * (both & 15), dmin * (both >> 4)]
      // Eight groups share 32 bytes: pairs of groups, two bits after the other.
      const from = at + 16 + 32 * (group >> 3) + 16 * (group & 1)
      const shift = 2 * ((group >> 1) & 3)
      for (let k = 0; k < 16; k++)
        into[to + 16 * group + k] = scale * ((bytes[from + k]! >> shift) & 3) - minimum
    }
  },
})
