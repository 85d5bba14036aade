// How many bytes of text tokens stand for. Comes in: tokens, a tokenizer. Goes out: bytes of UTF-8, control
// tokens apart.

import { byteTokenizer, type Tokenizer, type Tokens } from '@lotion/text'
import { partOf } from './token-part.js'

/** Ids that are decoded at once. */
const PIECE = 4096

/** An id that stands before a piece, since some vocabularies write a word otherwise at the beginning. */
const BEFORE = 1

/**
 * Count the bytes of the tokens at from … to − 1. Pieces add up to the whole: what a character that is cut
 * counts too much in one, it counts too little in none, so a piece ends where its last character does.
 */
export function textBytes(tokenizer: Tokenizer, tokens: Tokens, from: number, to: number): number {
  if (tokenizer.identity === byteTokenizer().identity) return to - from
  const control = new Set(tokenizer.special?.values())
  const textOf = (first: number, end: number): string =>
    tokenizer.decode(Array.from(partOf(tokens, first, end)).filter((id) => !control.has(id)))
  let bytes = 0
  for (let at = from; at < to;) {
    let end = Math.min(to, at + PIECE)
    let text = textOf(Math.max(0, at - BEFORE), end)
    while (end < to && text.endsWith('\uFFFD') && end - at > PIECE / 2) {
      end--
      text = textOf(Math.max(0, at - BEFORE), end)
    }
    const before = textOf(Math.max(0, at - BEFORE), at)
    bytes += Buffer.byteLength(text) - Buffer.byteLength(before)
    at = end
  }
  return bytes
}
