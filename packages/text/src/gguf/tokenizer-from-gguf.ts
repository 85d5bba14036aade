// Tokenizers of GGUF files. Comes in: the metadata of a file. Goes out: a tokenizer, by way of the
// tokenizer.json that the metadata stand for.

import { shownValue } from '@lotion/core/internal'
import { byteLevel } from '../bpe/byte-level-json.js'
import { tokenizerFromJson } from '../json/tokenizer-from-json.js'
import type { Tokenizer } from '../tokenizer.js'
import { preTokenizers } from './pre-tokenizers.js'
import { tokenTypes } from './token-types.js'

type Metadata = Readonly<Record<string, unknown>>

/**
 * Make a tokenizer of the metadata of a GGUF file, chat template included.
 * @param metadata By key, as the file names them.
 * @throws RangeError or TypeError naming the key: one that is missing, or a kind of vocabulary or a split of
 * text that cannot be followed exactly. Byte-level BPE (`gpt2`) is read; SentencePiece (`llama`) is not.
 * @example
 * ```ts
 * import { tokenizerFromGguf, trainBpe } from '@lotion/text'
 *
 * const { model } = await trainBpe(['low lower lowest'], { vocabulary: 260 })
 * const tokenizer = tokenizerFromGguf({
 *   'tokenizer.ggml.model': 'gpt2',
 *   'tokenizer.ggml.pre': 'gpt-2',
 *   'tokenizer.ggml.tokens': Object.keys(model.vocab).sort((a, b) => model.vocab[a]! - model.vocab[b]!),
 *   'tokenizer.ggml.merges': model.merges.map((pair) => pair.join(' ')),
 *   'tokenizer.ggml.eos_token_id': 0,
 * })
 * console.log(tokenizer.vocabulary, tokenizer.eos) // 260 0
 * ```
 */
export function tokenizerFromGguf(metadata: Metadata): Tokenizer {
  const kind = metadata['tokenizer.ggml.model']
  if (kind !== 'gpt2')
    throw new RangeError(
      `metadata 'tokenizer.ggml.model': expected 'gpt2', a byte-level BPE, found ${shownValue(kind)}${kind === 'llama' ? ', SentencePiece; give the tokenizer.json that the model was published with' : ''}`,
    )
  const name = metadata['tokenizer.ggml.pre']
  const split = typeof name === 'string' ? preTokenizers.get(name) : undefined
  if (split === undefined)
    throw new RangeError(
      `metadata 'tokenizer.ggml.pre': expected one of ${[...preTokenizers.keys()].join(', ')}, found ${name === undefined ? 'nothing' : shownValue(name)}; give the tokenizer.json that the model was published with`,
    )
  const tokens = texts(metadata, 'tokenizer.ggml.tokens')
  const merges = texts(metadata, 'tokenizer.ggml.merges')
  const types = typesOf(metadata, tokens.length)
  const { control, userDefined } = tokenTypes
  const added = tokens.flatMap((content, id) =>
    types?.[id] === control || types?.[id] === userDefined
      ? [{ id, content, special: types[id] === control, normalized: false }]
      : [],
  )
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]))
  if (Object.keys(vocab).length < tokens.length)
    throw new RangeError(`metadata 'tokenizer.ggml.tokens': expected each token once, found one twice`)
  const tokenOf = (key: string): string | undefined => {
    const id = metadata[`tokenizer.ggml.${key}_token_id`]
    if (id === undefined) return undefined
    const token = typeof id === 'number' ? tokens[id] : undefined
    if (token === undefined)
      throw new RangeError(
        `metadata 'tokenizer.ggml.${key}_token_id': expected an id below ${tokens.length}, found ${shownValue(id)}`,
      )
    return token
  }
  return tokenizerFromJson(
    {
      added_tokens: added,
      normalizer: split.normalizer,
      pre_tokenizer: split.pre_tokenizer,
      post_processor: null,
      decoder: byteLevel(false),
      model: { type: 'BPE', vocab, merges, ignore_merges: split.ignore_merges },
    },
    {
      tokenizer_class: `gguf ${String(name)}`,
      bos_token: tokenOf('bos'),
      eos_token: tokenOf('eos'),
      add_bos_token: metadata['tokenizer.ggml.add_bos_token'] ?? split.addsBos === true,
      chat_template: metadata['tokenizer.chat_template'],
    },
  )
}

function texts(metadata: Metadata, key: string): readonly string[] {
  const list = metadata[key]
  if (!Array.isArray(list) || !list.every((item) => typeof item === 'string'))
    throw new TypeError(
      `metadata '${key}': expected a list of texts, found ${list === undefined ? 'nothing' : 'something else'}`,
    )
  return list
}

function typesOf(metadata: Metadata, length: number): ArrayLike<number> | undefined {
  const types = metadata['tokenizer.ggml.token_type']
  if (types === undefined) return undefined
  const list =
    Array.isArray(types) || ArrayBuffer.isView(types) ? Array.from(types as ArrayLike<unknown>) : []
  if (list.length !== length || !list.every((type) => typeof type === 'number'))
    throw new TypeError(
      `metadata 'tokenizer.ggml.token_type': expected ${length} numbers, one a token, found ${list.length}`,
    )
  return list
}
