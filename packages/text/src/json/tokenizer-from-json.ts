// Tokenizers of Hugging Face. Comes in: a parsed tokenizer.json, and a parsed tokenizer_config.json where
// there is one. Goes out: a tokenizer.
// Source: npm @huggingface/tokenizers. What truncates, pads or adds tokens around a text is not applied.

import * as library from '@huggingface/tokenizers'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { checkIds, type Tokenizer as OurTokenizer } from '../tokenizer.js'
import { addedEnds, tokenText } from './added-ends.js'
import { preTokenizerAsReference } from './as-reference.js'
import { chatEncoder } from './chat-encoder.js'
import { checkTokenizerFile, isRecord } from './tokenizer-file.js'

/** What is used of the library: its own declarations lack file endings, so Node's rules find none. */
interface Library {
  encode(text: string, options: { readonly add_special_tokens: boolean }): { readonly ids: readonly number[] }
  decode(ids: readonly number[], options: { readonly skip_special_tokens: boolean }): string
  token_to_id(token: string): number | undefined
  id_to_token(id: number): string | undefined
}
type Make = new (json: object, config: object) => Library

/**
 * Make a tokenizer of a tokenizer.json. Ids are those of PyPI `tokenizers`, control tokens in a text apart:
 * they are encoded as the characters they are.
 * @param json The parsed file.
 * @param config The parsed tokenizer_config.json: it says which tokens begin and end a document, and holds
 * the chat template. Without it the tokenizer has neither `eos` nor `chatTokens`.
 * @throws TypeError or RangeError naming the member that is missing, wrong or not supported.
 * @example
 * ```ts
 * import { tokenizerFromJson, trainBpe } from '@lotion/text'
 *
 * const json = await trainBpe(['low lower lowest'], { vocabulary: 260 })
 * const tokenizer = tokenizerFromJson(json, { eos_token: '<|endoftext|>' })
 * console.log(tokenizer.eos, tokenizer.decode(tokenizer.encode('low'))) // 0 low
 * ```
 */
export function tokenizerFromJson(json: unknown, config: unknown = {}): OurTokenizer {
  const { added, vocabulary } = checkTokenizerFile(json)
  if (!isRecord(json) || !isRecord(config))
    throw new TypeError('tokenizer_config.json: expected an object, found something else')
  const special = new Map(added.filter((token) => token.special).map(({ content, id }) => [content, id]))
  const whole = libraryOf(json, () => true)
  // Most texts have no control token in them: two tables of a large vocabulary are seldom needed.
  let plain: Library | undefined
  const hidden = mayHoldControl(
    special,
    added.some((token) => token.special && token.normalized),
  )
  const idOf = (name: string): number | undefined => {
    const text = tokenText(config[name])
    return text === undefined ? undefined : controlId(name, text, whole)
  }
  const [named, eos] = [idOf('bos_token'), idOf('eos_token')]
  const bos = addedEnds(json, config).bos ? named : undefined
  const encode = (tokens: Library, text: string): Int32Array =>
    Int32Array.from(tokens.encode(text.toWellFormed(), { add_special_tokens: false }).ids)
  const chatTokens = chatEncoder(config, {
    encode: (text) => encode(whole, text),
    control: new Set(special.values()),
  })
  return Object.freeze<OurTokenizer>({
    name: typeof config['tokenizer_class'] === 'string' ? config['tokenizer_class'] : 'tokenizer.json',
    vocabulary,
    identity: `json-${bytesToHex(sha256(new TextEncoder().encode(JSON.stringify([json, bos, eos, config['chat_template']]))))}`,
    files: Object.freeze({ json, config }),
    ...(bos === undefined ? {} : { bos }),
    ...(eos === undefined ? {} : { eos }),
    ...(special.size > 0 ? { special } : {}),
    encode: (text) =>
      encode(hidden(text) ? (plain ??= libraryOf(json, ({ special: control }) => !control)) : whole, text),
    decode(ids) {
      checkIds(ids, vocabulary)
      return decoded(whole, Array.from(ids))
    },
    ...(chatTokens ? { chatTokens } : {}),
  })
}

/** The library's tokenizer with some of the added tokens. */
function libraryOf(
  json: Readonly<Record<string, unknown>>,
  keep: (token: { readonly special?: boolean }) => boolean,
): Library {
  const tokens = Array.isArray(json['added_tokens']) ? json['added_tokens'] : []
  try {
    return new (library.Tokenizer as unknown as Make)(
      {
        normalizer: null,
        post_processor: null,
        decoder: null,
        ...json,
        pre_tokenizer: preTokenizerAsReference(json['pre_tokenizer']),
        added_tokens: tokens.filter(keep),
      },
      { clean_up_tokenization_spaces: false },
    )
  } catch (error) {
    throw new RangeError(`tokenizer.json: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

/** Whether the library could take a part of a text for a control token. */
function mayHoldControl(special: ReadonlyMap<string, number>, anywhere: boolean): (text: string) => boolean {
  if (special.size === 0) return () => false
  if (anywhere) return () => true
  const pattern = new RegExp(
    [...special.keys()].map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|'),
  )
  return (text) => pattern.test(text)
}

function controlId(name: string, text: string, tokens: Library): number {
  const id = tokens.token_to_id(text)
  if (id === undefined)
    throw new RangeError(
      `tokenizer_config.json: ${name}: expected a token of the vocabulary, found '${text}'`,
    )
  return id
}

/** Ids that stand for nothing, gaps in the numbering, become U+FFFD. */
function decoded(tokens: Library, ids: readonly number[]): string {
  const parts: string[] = []
  let run: number[] = []
  const flush = (): void => {
    if (run.length > 0) parts.push(tokens.decode(run, { skip_special_tokens: false }))
    run = []
  }
  for (const id of ids) {
    if (tokens.id_to_token(id) !== undefined) {
      run.push(id)
      continue
    }
    flush()
    parts.push('\uFFFD')
  }
  flush()
  return parts.join('')
}
