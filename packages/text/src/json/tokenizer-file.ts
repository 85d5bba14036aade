// What a tokenizer.json must be for us. Comes in: parsed JSON of anybody. Goes out: the same with types for
// what is read here, or an error that names the member.

import { shownValue } from '@lotion/core/internal'

/** A token beside the model's own vocabulary. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  readonly special: boolean
  readonly normalized: boolean
}

/** The members of a tokenizer.json that are read here; all others go to the library as they are. */
export interface TokenizerFile {
  readonly model: Readonly<Record<string, unknown>>
  readonly added: readonly AddedToken[]
  /** One more than the largest id. */
  readonly vocabulary: number
}

/** Narrow to an object that is no array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Check what is read here of a tokenizer.json. @throws TypeError or RangeError naming the member. */
export function checkTokenizerFile(json: unknown): TokenizerFile {
  if (!isRecord(json)) throw new TypeError(`tokenizer.json: expected an object, found ${shownValue(json)}`)
  const model = json['model']
  if (!isRecord(model))
    throw new TypeError(`tokenizer.json: model: expected an object, found ${shownValue(model)}`)
  const dropout = model['dropout'] ?? 0
  if (dropout !== 0)
    throw new RangeError(
      `tokenizer.json: model.dropout: expected none, found ${shownValue(dropout)}; ids would differ from call to call`,
    )
  const given = json['added_tokens'] ?? []
  if (!Array.isArray(given))
    throw new TypeError(`tokenizer.json: added_tokens: expected a list, found ${shownValue(given)}`)
  const added = given.map(addedToken)
  const largest = added.reduce((most, { id }) => Math.max(most, id), largestId(model['vocab']))
  return { model, added, vocabulary: largest + 1 }
}

function largestId(vocab: unknown): number {
  // Unigram lists pieces with their scores, all other models number theirs.
  if (Array.isArray(vocab)) return vocab.length - 1
  if (!isRecord(vocab))
    throw new TypeError(
      `tokenizer.json: model.vocab: expected an object or a list, found ${shownValue(vocab)}`,
    )
  let largest = -1
  for (const [token, id] of Object.entries(vocab)) {
    if (!isId(id))
      throw new TypeError(
        `tokenizer.json: model.vocab: expected an id for '${token}', found ${shownValue(id)}`,
      )
    largest = Math.max(largest, id)
  }
  return largest
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}

function addedToken(token: unknown, index: number): AddedToken {
  const {
    id,
    content,
    special = false,
    normalized = special === false,
    single_word = false,
  } = isRecord(token) ? token : {}
  if (!isId(id) || typeof content !== 'string' || content === '')
    throw new TypeError(
      `tokenizer.json: added_tokens[${index}]: expected an id and a text, found ${shownValue(token)}`,
    )
  if (single_word === true)
    throw new RangeError(
      `tokenizer.json: added_tokens[${index}] '${content}': expected single_word false, found true, which is not supported`,
    )
  return { id, content, special: special === true, normalized: normalized === true }
}
