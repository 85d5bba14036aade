// Text as it comes. Comes in: ids one by one. Goes out: pieces of text that add up to what all ids decode to.
// A character that is spread over several ids is given once it is whole.

import type { Tokenizer } from '@lotion/text'

/** Ids that stand before the pieces: some vocabularies write a word otherwise at the beginning of a text. */
const BEFORE = 4

/** Collects ids. */
export interface TextPieces {
  /** Take an id; give what is whole by now, '' while nothing is. */
  push(id: number): string
  /** Give what is left, whole or not. */
  rest(): string
}

/** Begin after a prompt. */
export function textPieces(tokenizer: Tokenizer, prompt: ArrayLike<number>): TextPieces {
  // What was given last stays as the context of what comes next.
  let ids = Array.from(prompt).slice(-BEFORE)
  let given = ids.length
  const take = (force: boolean): string => {
    const before = tokenizer.decode(ids.slice(0, given))
    const all = tokenizer.decode(ids)
    if (given === ids.length || (!force && all.endsWith('\uFFFD'))) return ''
    ids = ids.slice(Math.max(0, given - BEFORE))
    given = ids.length
    return all.slice(before.length)
  }
  return {
    push(id) {
      ids.push(id)
      return take(false)
    },
    rest: () => take(true),
  }
}
