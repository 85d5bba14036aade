// A part of tokens, in memory or in a file. Comes in: tokens, bounds. Goes out: ids.

import type { Tokens } from '@lotion/text'

/** Read a part. */
export const partOf = (tokens: Tokens, from: number, to: number): Int32Array =>
  tokens instanceof Int32Array ? tokens.subarray(from, to) : tokens.read(from, to)
