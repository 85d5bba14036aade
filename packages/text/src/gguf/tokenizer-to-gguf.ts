// Tokenizers as the metadata of GGUF files. Comes in: a tokenizer.json, a tokenizer_config.json. Goes out:
// keys and values. Source: llama.cpp's keys `tokenizer.ggml.*`, its src/llama-vocab.cpp.

import { shownValue } from '@lotion/core/internal'
import { addedEnds } from '../json/added-ends.js'
import { templateOf } from '../json/chat-encoder.js'
import { isRecord } from '../json/tokenizer-file.js'
import type { TokenizerFiles } from '../tokenizer-files.js'
import { byteLevelModel, type ByteLevelModel } from './byte-level-model.js'
import { preTokenizerName, preTokenizers } from './pre-tokenizers.js'
import { tokenTypes } from './token-types.js'

/** Metadata of a tokenizer by key; numbers are unsigned and of 32 bits. */
export type GgufTokenizer = Readonly<
  Record<string, string | number | boolean | readonly string[] | Int32Array>
>

/** What a file needs beyond the tokenizer. */
export interface ToGgufOptions {
  /** Rows of the model's embedding: ids that the tokenizer does not use are filled up. */
  readonly vocabulary: number
  /** Ids that end a text. Default: what the config says. */
  readonly ends?: readonly number[]
}

/** Tokens of a config and their keys. */
const controlKeys = {
  bos: 'bos_token',
  eos: 'eos_token',
  unknown: 'unk_token',
  padding: 'pad_token',
} as const

/**
 * Write a tokenizer as the metadata of a GGUF file. Byte-level BPE is written, whose split of text llama.cpp
 * knows by a name, and nothing else: with another split it would give other ids, and say nothing. Two
 * differences are llama.cpp's own: it does not normalize text, as Qwen's files ask for (NFC), and where a
 * file names no end of a text it takes the id 11. A byte that the vocabulary lacks, as SmolLM2's lacks 4, is
 * left out of a text by both.
 * @param files Of `tokenizerFiles`.
 * @param options The model's rows, and the ids that end a text.
 * @throws RangeError naming the member that llama.cpp would not follow, or has no place for.
 * @example
 * ```ts
 * import { byteTokenizer, tokenizerFiles, tokenizerToGguf } from '@lotion/text'
 *
 * const metadata = tokenizerToGguf(await tokenizerFiles(byteTokenizer()), { vocabulary: 256 })
 * console.log(metadata['tokenizer.ggml.model'], metadata['tokenizer.ggml.pre']) // gpt2 gpt-2
 * ```
 */
export function tokenizerToGguf(
  { json, config }: TokenizerFiles,
  { vocabulary, ends = [] }: ToGgufOptions,
): GgufTokenizer {
  const model = byteLevelModel(json)
  const pre = nameOf(json, model)
  if (pre === undefined)
    throw new RangeError(
      `tokenizer.json: pre_tokenizer: expected a split of text that GGUF has a name for (${[...preTokenizers.keys()].join(', ')}), found ${JSON.stringify([json['pre_tokenizer'], json['normalizer']])} with ignore_merges ${model.ignoreMerges}; llama.cpp would give other ids`,
    )
  const { tokens, types } = filledUp(model, vocabulary)
  const ids = new Map(tokens.map((token, id) => [token, id]))
  const control = Object.entries(controlKeys).flatMap(([key, name]) => {
    const id = controlId(name, config[name], ids)
    return id === undefined ? [] : [[key, id] as const]
  })
  const named = new Map(control)
  for (const id of ends)
    if (!Number.isInteger(id) || id < 0 || id >= vocabulary)
      throw new RangeError(`ends: expected ids below ${vocabulary}, found ${shownValue(id)}`)
  const eos = named.get('eos') ?? ends[0]
  const [turn, message, ...more] = ends.filter((id) => id !== eos)
  if (more.length > 0)
    throw new RangeError(
      `ends: expected at most three ids that end a text, which is what GGUF has keys for, found ${ends.join(', ')}`,
    )
  const template = templateOf(config['chat_template'])
  const added = addedEnds(json, config)
  return Object.freeze({
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': pre,
    'tokenizer.ggml.tokens': tokens,
    'tokenizer.ggml.token_type': types,
    // Without this key a file is refused, even where there are none.
    'tokenizer.ggml.merges': model.merges.map((pair) => pair.join(' ')),
    ...Object.fromEntries(control.map(([key, id]) => [`tokenizer.ggml.${key}_token_id`, id])),
    ...(eos === undefined ? {} : { 'tokenizer.ggml.eos_token_id': eos }),
    ...(turn === undefined ? {} : { 'tokenizer.ggml.eot_token_id': turn }),
    ...(message === undefined ? {} : { 'tokenizer.ggml.eom_token_id': message }),
    // What llama.cpp adds where this is not said depends on the split.
    'tokenizer.ggml.add_bos_token': added.bos,
    'tokenizer.ggml.add_eos_token': added.eos,
    ...(template === undefined ? {} : { 'tokenizer.chat_template': template }),
  })
}

const nameOf = (json: TokenizerFiles['json'], model: ByteLevelModel): string | undefined =>
  preTokenizerName({
    pre_tokenizer: json['pre_tokenizer'],
    normalizer: json['normalizer'],
    ignore_merges: model.ignoreMerges,
    merges: model.merges.length,
  })

/**
 * Name how a tokenizer.json splits text, as GGUF files do: `gpt-2`, `smollm`, `llama-bpe`, `qwen2`; undefined
 * for another split of bytes.
 * @param json The parsed file.
 * @throws RangeError naming the member for a tokenizer that is no byte-level BPE.
 */
export function ggufSplit(json: TokenizerFiles['json']): string | undefined {
  return nameOf(json, byteLevelModel(json))
}

/** All tokens by id; rows without one get a name that no text has, and the type of what is not used. */
function filledUp(
  { vocab, added }: ByteLevelModel,
  vocabulary: number,
): { readonly tokens: readonly string[]; readonly types: Int32Array } {
  const tokens = Array.from({ length: vocabulary }, (_, id) => `[PAD${id}]`)
  const types = new Int32Array(vocabulary).fill(tokenTypes.unused)
  const put = (token: string, id: number, type: number): void => {
    if (id >= vocabulary)
      throw new RangeError(
        `tokenizer.json: expected ids below the ${vocabulary} rows of the model, found ${id} of '${token}'`,
      )
    if (types[id] !== tokenTypes.unused && tokens[id] !== token)
      throw new RangeError(
        `tokenizer.json: expected one token of the id ${id}, found '${tokens[id]}' and '${token}'`,
      )
    tokens[id] = token
    types[id] = type
  }
  for (const [token, id] of vocab) put(token, id, tokenTypes.normal)
  for (const { content, id, special } of added)
    put(content, id, special ? tokenTypes.control : tokenTypes.userDefined)
  if (new Set(tokens).size < vocabulary)
    throw new RangeError('tokenizer.json: expected each token once, found one with two ids')
  return { tokens, types }
}

/** A token in a config is its text, or an object that has it. */
function controlId(name: string, given: unknown, ids: ReadonlyMap<string, number>): number | undefined {
  const text = isRecord(given) ? given['content'] : given
  if (text === undefined || text === null) return undefined
  const id = typeof text === 'string' ? ids.get(text) : undefined
  if (id === undefined)
    throw new RangeError(
      `tokenizer_config.json: ${name}: expected a token of the vocabulary, found ${shownValue(text)}`,
    )
  return id
}
