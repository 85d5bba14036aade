// Tokens one after the other, in memory or in a file. Comes in: an array, or what reads parts. Goes out:
// parts.

/** Tokens that are read in parts: a file of them is never in memory whole. */
export interface TokenStream {
  /** How many there are. */
  readonly length: number
  /**
   * Read tokens.
   * @param from First position.
   * @param to Position after the last, at most `length`.
   */
  read(from: number, to: number): Int32Array
  /**
   * Tell for each token 1 where it is to be learnt, else 0. Absent: all are.
   * @param from First position.
   * @param to Position after the last, at most `length`.
   */
  counts?(from: number, to: number): Uint8Array
}

/** Tokens as they are given: an array is a stream too. */
export type Tokens = Int32Array | TokenStream

/** Read a part of either. */
export const readTokens = (tokens: Tokens, from: number, to: number): Int32Array =>
  tokens instanceof Int32Array ? tokens.subarray(from, to) : tokens.read(from, to)

/** The target that does not count. Source: PyTorch's cross_entropy, ignore_index. */
export const IGNORED_TARGET = -100

/** Tokens that are looked through at once. */
const PIECE = 4096

/**
 * Find the first token that counts among from … to − 1; undefined if none does.
 */
export function nextCounted(tokens: Tokens, from: number, to: number): number | undefined {
  if (tokens instanceof Int32Array || tokens.counts === undefined) return from < to ? from : undefined
  for (let at = from; at < to; at += PIECE) {
    const found = tokens.counts(at, Math.min(to, at + PIECE)).indexOf(1)
    if (found >= 0) return at + found
  }
  return undefined
}
