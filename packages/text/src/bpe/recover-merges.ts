// Which pairs of tokens a vocabulary was merged from. Comes in: tokens in the order of their ranks, of which
// one published file has no more. Goes out: for each token the pair that makes it.
// Source: OpenAI's tiktoken.

import { joinPairs } from './join-pairs.js'

/**
 * Recover the merges. A token is split as the encoder splits it when only tokens before it are known: two
 * parts are left, and no other pair can ever meet in its place.
 * @param tokens A character a byte, by rank; gaps are undefined.
 * @returns Pairs, the first merged first.
 * @throws RangeError for a token that no two others make: the encoder could not reach it.
 */
export function recoverMerges(
  tokens: readonly (string | undefined)[],
): readonly (readonly [string, string])[] {
  const ranks = new Map<string, number>()
  const merges: (readonly [string, string])[] = []
  for (const [rank, token] of tokens.entries()) {
    if (token === undefined) continue
    if (token.length > 1) {
      const [left, right, ...more] = joinPairs(token.split(''), ranks)
      if (left === undefined || right === undefined || more.length > 0)
        throw new RangeError(
          `tokens: expected '${token}' to be made of two tokens before it, found ${2 + more.length}`,
        )
      merges.push([left, right])
    }
    ranks.set(token, rank)
  }
  return merges
}
