// A byte-level BPE, and nothing else. Comes in: a tokenizer.json. Goes out: its vocabulary, merges and added
// tokens, or the name of what llama.cpp would not follow.

import { shownValue } from '@lotion/core/internal'
import { checkTokenizerFile, isRecord, type AddedToken } from '../json/tokenizer-file.js'

/** What llama.cpp needs to know of a tokenizer.json. */
export interface ByteLevelModel {
  /** Token → id, in the characters that stand for bytes. */
  readonly vocab: ReadonlyMap<string, number>
  /** The first merged first. */
  readonly merges: readonly (readonly [string, string])[]
  readonly added: readonly AddedToken[]
  /** A word that is a token is taken whole. */
  readonly ignoreMerges: boolean
}

/** Members that change ids, and the values that change none. */
const plain: Readonly<Record<string, readonly unknown[]>> = {
  byte_fallback: [false, null, undefined],
  continuing_subword_prefix: ['', null, undefined],
  end_of_word_suffix: ['', null, undefined],
}

const kinds: Readonly<Record<string, string>> = {
  Unigram: 'SentencePiece',
  WordPiece: 'of BERT',
  WordLevel: 'of whole words',
}

/** Read one. @throws RangeError naming the member for any other kind of tokenizer. */
export function byteLevelModel(json: unknown): ByteLevelModel {
  const { model, added } = checkTokenizerFile(json)
  const kind = model['type'] ?? (Array.isArray(model['merges']) ? 'BPE' : 'Unigram')
  if (kind !== 'BPE')
    throw new RangeError(
      `tokenizer.json: model.type: expected BPE of bytes, found ${shownValue(kind)}${typeof kind === 'string' && kinds[kind] !== undefined ? `, ${kinds[kind]}` : ''}; a GGUF file of it is not written`,
    )
  for (const [key, values] of Object.entries(plain))
    if (!values.includes(model[key]))
      throw new RangeError(
        `tokenizer.json: model.${key}: expected none, found ${shownValue(model[key])}${key === 'byte_fallback' ? ', SentencePiece' : ''}; a GGUF file of it is not written`,
      )
  for (const [i, token] of (isRecord(json) && Array.isArray(json['added_tokens'])
    ? json['added_tokens']
    : []
  ).entries())
    for (const side of ['lstrip', 'rstrip'])
      if (isRecord(token) && token[side] === true)
        throw new RangeError(
          `tokenizer.json: added_tokens[${i}] ${shownValue(token['content'])}: expected ${side} false, found true, which GGUF has no place for`,
        )
  return {
    vocab: new Map(Object.entries(model['vocab'] as Record<string, number>)),
    merges: mergesOf(model['merges']),
    added,
    ignoreMerges: model['ignore_merges'] === true,
  }
}

/** Pairs, or texts of two tokens with a blank between them. */
function mergesOf(given: unknown): readonly (readonly [string, string])[] {
  if (!Array.isArray(given))
    throw new TypeError(`tokenizer.json: model.merges: expected a list, found ${shownValue(given)}`)
  return given.map((merge: unknown, i) => {
    const pair: readonly unknown[] =
      typeof merge === 'string' ? merge.split(' ') : Array.isArray(merge) ? merge : []
    const [left, right] = pair
    const isPair = pair.length === 2 && typeof left === 'string' && typeof right === 'string'
    if (!isPair || left === '' || right === '' || /\s/.test(left + right))
      throw new RangeError(
        `tokenizer.json: model.merges[${i}]: expected two tokens without blanks, found ${shownValue(merge)}`,
      )
    return [left, right]
  })
}
