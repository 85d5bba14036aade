// Byte-pair encodings of the published GPT models. Comes in: an encoding's name. Goes out: a tokenizer. Only
// the tables of that encoding are loaded, when asked for.
// Source: npm gpt-tokenizer. Decoding is ours: the library's keeps an unfinished character for the next call.

import { checkIds, type Tokenizer } from './tokenizer.js'

/** A token's text, or its bytes where they are no text on their own; gaps in the numbering are undefined. */
type TokenTable = readonly (string | readonly number[] | undefined)[]

/** What this module needs of `gpt-tokenizer`: an encoder and the table behind it. */
type Load = () => Promise<
  readonly [
    { encode(text: string, options: { disallowedSpecial: Set<string> }): number[] },
    { readonly default: TokenTable },
  ]
>

// Written out, so that bundlers see every path.
const encodings = {
  r50k_base: () =>
    Promise.all([import('gpt-tokenizer/encoding/r50k_base'), import('gpt-tokenizer/bpeRanks/r50k_base')]),
  p50k_base: () =>
    Promise.all([import('gpt-tokenizer/encoding/p50k_base'), import('gpt-tokenizer/bpeRanks/p50k_base')]),
  cl100k_base: () =>
    Promise.all([import('gpt-tokenizer/encoding/cl100k_base'), import('gpt-tokenizer/bpeRanks/cl100k_base')]),
  o200k_base: () =>
    Promise.all([import('gpt-tokenizer/encoding/o200k_base'), import('gpt-tokenizer/bpeRanks/o200k_base')]),
} as const satisfies Record<string, Load>

/** Name a published encoding. */
export type BpeEncoding = keyof typeof encodings

/** List the encodings that `bpeTokenizer` knows. */
export const bpeEncodings: readonly BpeEncoding[] = Object.freeze([
  'r50k_base',
  'p50k_base',
  'cl100k_base',
  'o200k_base',
])

const REPLACEMENT = '\uFFFD'

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
  if (!Object.hasOwn(encodings, encoding)) {
    throw new RangeError(`encoding: expected one of ${bpeEncodings.join(', ')}, found '${encoding}'`)
  }
  const load: Load = encodings[encoding]
  const [{ encode }, { default: table }] = await load()
  const plain = { disallowedSpecial: new Set<string>() }
  const utf8 = new TextEncoder()
  const bytesOf = (id: number): ArrayLike<number> => {
    const token = table[id] ?? REPLACEMENT
    return typeof token === 'string' ? utf8.encode(token) : token
  }
  return Object.freeze<Tokenizer>({
    name: encoding,
    vocabulary: table.length,
    identity: encoding,
    encode: (text) => Int32Array.from(encode(text, plain)),
    decode(ids) {
      checkIds(ids, table.length)
      // A character may be spread over several tokens: bytes first, text last.
      const bytes = Array.from(ids, bytesOf).flatMap((token) => Array.from(token))
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes))
    },
  })
}
