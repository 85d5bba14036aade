// Text and answers, whatever computes the scores. Comes in: a tokenizer, a function from ids to logits. Goes
// out: pieces of text as they come.
// Source: docs/design/18-language.md, generating.

import { continuation } from '@lotion/models'
import type { Tokenizer } from '@lotion/text'
import type { GenerateOptions, LanguageModel } from './load-model.js'
import { textPieces } from './text-pieces.js'

/** What speaks. */
export interface Speaker {
  /** For messages. */
  readonly path: string
  readonly tokenizer: Tokenizer
  /** Ids that end a text. */
  readonly ends: readonly number[]
  /** Number of ids, those without a text among them. */
  readonly vocabulary: number
  /** Tokens that are seen at once. */
  readonly context: number
  /** Logits of the id that follows. */
  next(ids: readonly number[]): Promise<ArrayLike<number>>
  /** Forget what was read. */
  clear(): void | Promise<void>
}

/** Text that goes on, and answers by the chat template. */
export function speaking(speaker: Speaker): Pick<LanguageModel, 'chats' | 'generate' | 'answer'> {
  const { path, tokenizer, context } = speaker
  return {
    chats: tokenizer.chatTokens !== undefined,
    async *generate(prompt, given = {}) {
      const ids = typeof prompt === 'string' ? promptIds(tokenizer, prompt) : Array.from(prompt)
      // The same text for the same seed, to the last bit, whatever was asked before.
      await speaker.clear()
      yield* goOn(speaker, ids, given)
    },
    async *answer(messages, given = {}) {
      if (tokenizer.chatTokens === undefined)
        throw new RangeError(
          `${path}: expected a tokenizer with a chat template, found none; go on with a text instead (generate)`,
        )
      const { ids } = tokenizer.chatTokens(messages, { prompt: true })
      if (ids.length >= context)
        throw new RangeError(
          `messages: expected fewer than context = ${context} tokens, found ${ids.length}; leave earlier turns out`,
        )
      yield* goOn(speaker, Array.from(ids), given)
    },
  }
}

async function* goOn(
  { tokenizer, vocabulary, ends, next }: Speaker,
  ids: readonly number[],
  given: GenerateOptions,
): AsyncGenerator<string, void> {
  const { length = 200, temperature = 0.7, topK = 40, seed = 0, ...rest } = given
  const pieces = textPieces(tokenizer, ids)
  const drawn = { next, vocabulary, prompt: ids, length, temperature, topK, seed, stop: ends, ...rest }
  for await (const id of continuation(drawn)) {
    // Rows that fill the table up have no text.
    const piece = id < tokenizer.vocabulary ? pieces.push(id) : ''
    if (piece !== '') yield piece
  }
  const last = pieces.rest()
  if (last !== '') yield last
}

/** A prompt as ids, after what begins a document where the tokenizer has that. */
function promptIds(tokenizer: Tokenizer, text: string): number[] {
  const ids = Array.from(tokenizer.encode(text))
  return tokenizer.bos === undefined ? ids : [tokenizer.bos, ...ids]
}
