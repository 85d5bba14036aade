// Byte-pair encodings of the published GPT models. Comes in: an encoding's name. Goes out: a tokenizer. Only
// the tables of that encoding are loaded, when asked for.
// Source: OpenAI's tiktoken. The tables are npm gpt-tokenizer's; its encoder is not used, as it takes
// JavaScript's blanks for Unicode's and never finds a token that begins with U+FEFF.

import {
  bpeEncodings,
  byteText,
  encodingTable,
  isBpeEncoding,
  type BpeEncoding,
} from './bpe/encoding-tables.js'
import { joinPairs } from './bpe/join-pairs.js'
import { splitPattern } from './bpe/split-pattern.js'
import { checkIds, type Tokenizer } from './tokenizer.js'

/** The bytes of U+FFFD, for ids without a token. */
const REPLACEMENT = '\u00ef\u00bf\u00bd'

/**
 * Load a byte-pair tokenizer. Control tokens such as `<|endoftext|>` in a text are encoded as the characters
 * they are, and have no id of their own.
 * @param encoding Name of a table of byte pairs; each is loaded when first asked for.
 * @throws RangeError for an unknown encoding, listing the known ones.
 * @example
 * ```ts
 * import { bpeTokenizer } from '@lotion/text'
 *
 * const tokenizer = await bpeTokenizer('r50k_base')
 * console.log(tokenizer.decode(tokenizer.encode('fellow citizens'))) // 'fellow citizens'
 * ```
 */
export async function bpeTokenizer(encoding: BpeEncoding): Promise<Tokenizer> {
  if (!isBpeEncoding(encoding)) {
    throw new RangeError(`encoding: expected one of ${bpeEncodings.join(', ')}, found '${String(encoding)}'`)
  }
  const { pattern, tokens } = await encodingTable(encoding)
  const idsOf = wordEncoder(tokens)
  const words = splitPattern(pattern)
  return Object.freeze<Tokenizer>({
    name: encoding,
    vocabulary: tokens.length,
    identity: encoding,
    encode: (text) => {
      const ids: number[] = []
      for (const [word] of text.toWellFormed().matchAll(words)) for (const id of idsOf(word)) ids.push(id)
      return Int32Array.from(ids)
    },
    decode(ids) {
      checkIds(ids, tokens.length)
      // A character may be spread over several tokens: bytes first, text last.
      const bytes = Array.from(ids, (id) => tokens[id] ?? REPLACEMENT).join('')
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
        Uint8Array.from(bytes, (character) => character.charCodeAt(0)),
      )
    },
  })
}

/** Words whose ids are kept, since most come again. */
const KEPT_WORDS = 100_000

/** Make the encoder of words: a token is taken whole, all else is joined from its bytes. */
function wordEncoder(tokens: readonly (string | undefined)[]): (word: string) => readonly number[] {
  const ranks = new Map<string, number>()
  for (const [id, token] of tokens.entries()) if (token !== undefined) ranks.set(token, id)
  const utf8 = new TextEncoder()
  const kept = new Map<string, readonly number[]>()
  return (word) => {
    const known = kept.get(word)
    if (known) return known
    const bytes = byteText(utf8.encode(word))
    const whole = ranks.get(bytes)
    // Every byte is a token, so each part is.
    const ids =
      whole === undefined ? joinPairs(bytes.split(''), ranks).map((part) => ranks.get(part)!) : [whole]
    if (kept.size >= KEPT_WORDS) kept.clear()
    kept.set(word, ids)
    return ids
  }
}
