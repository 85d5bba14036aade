// Tables of the published encodings of the GPT models. Comes in: an encoding's name. Goes out: its tokens by
// rank, how it splits text; only the table that is asked for is loaded. Source: npm gpt-tokenizer.

import { byteAlphabet } from './byte-alphabet.js'
import { byteLevel, byteLevelJson } from './byte-level-json.js'
import { recoverMerges } from './recover-merges.js'
import { cl100k, GPT2, o200k } from './split-pattern.js'
import type { BpeJson } from './train-bpe.js'
import { isolated } from '../json/as-reference.js'

/** A token's text, or its bytes where they are no text on their own; gaps in the numbering are undefined. */
type TokenTable = readonly (string | readonly number[] | undefined)[]

interface Encoding {
  readonly pattern: string
  load(): Promise<{ readonly default: TokenTable }>
}

// Written out, so that bundlers see every path.
const encodings = {
  r50k_base: { pattern: GPT2, load: () => import('gpt-tokenizer/bpeRanks/r50k_base') },
  p50k_base: { pattern: GPT2, load: () => import('gpt-tokenizer/bpeRanks/p50k_base') },
  cl100k_base: { pattern: cl100k, load: () => import('gpt-tokenizer/bpeRanks/cl100k_base') },
  o200k_base: { pattern: o200k, load: () => import('gpt-tokenizer/bpeRanks/o200k_base') },
} as const satisfies Record<string, Encoding>

/** Name a published encoding. */
export type BpeEncoding = keyof typeof encodings

/** List the encodings that `bpeTokenizer` knows. */
export const bpeEncodings: readonly BpeEncoding[] = Object.freeze([
  'r50k_base',
  'p50k_base',
  'cl100k_base',
  'o200k_base',
])

/** Tell whether a word names a published encoding. */
export const isBpeEncoding = (word: string | undefined): word is BpeEncoding =>
  word !== undefined && Object.hasOwn(encodings, word)

/** How an encoding splits text, and its tokens by rank, a character a byte; gaps are undefined. */
export async function encodingTable(
  encoding: BpeEncoding,
): Promise<{ readonly pattern: string; readonly tokens: readonly (string | undefined)[] }> {
  const { pattern, load }: Encoding = encodings[encoding]
  const utf8 = new TextEncoder()
  const { default: table } = await load()
  const tokens = Array.from(table, (token) => {
    if (token === undefined || (typeof token === 'string' && ascii.test(token))) return token
    return byteText(typeof token === 'string' ? utf8.encode(token) : token)
  })
  return { pattern, tokens }
}

/** Texts whose characters are their bytes. */
const ascii = /^[\0-\x7f]*$/

/** Bytes as a text of characters with their numbers. */
export const byteText = (bytes: Iterable<number>): string =>
  Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')

/**
 * Write a published encoding as a tokenizer.json. Its file has ranks alone: the merges are found again. A
 * word that is a token is taken whole by its own encoder, and comes out of the merges too.
 */
export async function encodingJson(encoding: BpeEncoding): Promise<BpeJson> {
  const { pattern, tokens } = await encodingTable(encoding)
  const written = (token: string): string =>
    Array.from(token, (character) => byteAlphabet[character.charCodeAt(0)]!).join('')
  return byteLevelJson({
    vocab: tokens.flatMap((token, id) => (token === undefined ? [] : [[written(token), id] as const])),
    merges: recoverMerges(tokens).map(([left, right]) => [written(left), written(right)] as const),
    pre_tokenizer: { type: 'Sequence', pretokenizers: [isolated(pattern), byteLevel(false)] },
    // As the files of the same split say; the ids are the same without.
    ignore_merges: pattern !== GPT2,
  })
}
