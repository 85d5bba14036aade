// Ids as text has them. Comes in: how many, and below what. Goes out: ids, the same at every call.
// Source: Zipf's law, with exponent 1.

import { uniforms } from '@lotion/core'

/**
 * Draw ids of which the k-th most frequent comes about 1/k as often as the first, in hardly any order:
 * ⌊below^u⌋ − 1.
 */
export const zipfIds = (count: number, below: number): Int32Array =>
  Int32Array.from(uniforms({ seed: 1, stream: 'ids' }, count), (u) => Math.floor(below ** u) - 1)
