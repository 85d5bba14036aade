// Type: Q5_K, blocks of 256 codes of 5 bits; each 32 of them have a scale and a minimum of 6 bits. Comes in:
// nothing. Goes out: a type. Source: ggml's block_q5_K.

import { defineGgufType, halfAt } from '../gguf-type.js'
import { minimumCode, scaleCode } from './k-scales.js'

/** (d · scale) · q − dmin · minimum; d, dmin, 12 bytes of scales, 32 of fifth bits, 128 of the others. */
export const q5K = defineGgufType({
  name: 'Q5_K',
  id: 13,
  weights: 256,
  bytes: 176,
  block: (bytes, at, into, to, f16) => {
    const d = halfAt(f16, bytes, at)
    const dmin = halfAt(f16, bytes, at + 2)
    for (let group = 0; group < 8; group++) {
      const scale = d * scaleCode(bytes, at + 4, group)
      const minimum = dmin * minimumCode(bytes, at + 4, group)
      const from = at + 48 + 32 * (group >> 1)
      const shift = 4 * (group & 1)
      for (let k = 0; k < 32; k++) {
        const fifth = (bytes[at + 16 + k]! >> group) & 1
        into[to + 32 * group + k] = scale * (((bytes[from + k]! >> shift) & 15) | (fifth << 4)) - minimum
      }
    }
  },
})
