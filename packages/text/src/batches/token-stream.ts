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
}

/** Tokens as they are given: an array is a stream too. */
export type Tokens = Int32Array | TokenStream

/** Read a part of either. */
export const readTokens = (tokens: Tokens, from: number, to: number): Int32Array =>
  tokens instanceof Int32Array ? tokens.subarray(from, to) : tokens.read(from, to)
