// The id of a control token. Comes in: a tokenizer's files, the name of the token in its configuration. Goes
// out: its id, nothing where the configuration names none.

import { shownValue } from '@lotion/core/internal'
import type { ExportTokenizer } from '../export-model.js'

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Find it. @throws RangeError for a token that the tokenizer does not have. */
export function tokenId({ json, config }: ExportTokenizer, name: string): number | undefined {
  const given = config[name]
  const text = isRecord(given) ? given['content'] : given
  if (text === undefined || text === null) return undefined
  const added: readonly unknown[] = Array.isArray(json['added_tokens']) ? json['added_tokens'] : []
  const token = added.filter(isRecord).find(({ content }) => content === text)
  const vocab = isRecord(json['model']) ? json['model']['vocab'] : undefined
  const own =
    typeof text === 'string' && isRecord(vocab) && Object.hasOwn(vocab, text) ? vocab[text] : undefined
  const id = token?.['id'] ?? own
  if (typeof id === 'number') return id
  throw new RangeError(
    `tokenizer_config.json: ${name}: expected a token of the vocabulary, found ${shownValue(text)}`,
  )
}
