// One token a byte: text as UTF-8.
// Comes in: text. Goes out: ids 0 … 255. Needs no table and knows every language.

import { checkIds, type Tokenizer } from './tokenizer.js'

const VOCABULARY = 256

/**
 * Make the byte tokenizer. Lone surrogates, which UTF-8 cannot write, become U+FFFD.
 * @example
 * ```ts
 * import { byteTokenizer } from '@lotion/text'
 *
 * console.log(byteTokenizer().encode('é')) // Int32Array [195, 169]
 * ```
 */
export function byteTokenizer(): Tokenizer {
  return Object.freeze<Tokenizer>({
    name: 'byte',
    vocabulary: VOCABULARY,
    identity: 'byte',
    encode: (text) => Int32Array.from(new TextEncoder().encode(text)),
    decode(ids) {
      checkIds(ids, VOCABULARY)
      // A byte-order mark is text like any other: without this option the decoder would swallow it.
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(ids))
    },
  })
}
