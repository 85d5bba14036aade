// Text of one's own as batches. Comes in: sources, a tokenizer, extents. Goes out: what a language model is
// trained and judged on.
// Source: docs/design/04-bench.md, text of one's own.

import { evaluationWindows, tokenBatches, type Tokenizer } from '@lotion/text'
import { openText, type TextSource } from '@lotion/text/node'
import type { DataReading } from '../tasks/task.js'
import { judgedTokens, judgedWindows, refuseTooFew } from './judged-windows.js'
import type { LanguageData } from './open-language.js'

/** Tokens of the prompt that samples go on with. */
const PROMPT_TOKENS = 12

/** What is opened. */
export interface SourceOptions extends Pick<DataReading, 'onProgress' | 'signal'> {
  readonly sources: readonly TextSource[]
  readonly tokenizer: Tokenizer
  /** A folder for tokens. */
  readonly cache: string
  /** Sequences a step. */
  readonly batch: number
  /** Tokens a sequence. */
  readonly context: number
  /** Validation sequences at most, of all sources. */
  readonly validationWindows: number
}

/**
 * Open text. Every source is judged on by as many sequences as its part of all that is held back.
 * @throws RangeError naming the source, line or byte that is wrong; or if there is too little text.
 */
export async function sourceData(options: SourceOptions): Promise<LanguageData> {
  const { sources, tokenizer, cache, batch, context, validationWindows } = options
  const { onProgress, signal } = options
  const text = await openText({
    sources,
    tokenizer,
    cache,
    ...(signal ? { signal } : {}),
    onProgress: ({ bytes, total = bytes }) => onProgress?.(bytes, total),
  })
  try {
    const held = text.sources.reduce((sum, { validation }) => sum + validation.tokens.length, 0)
    const judged = text.sources.flatMap(({ path, validation: { tokens }, training }) => {
      refuseTooFew(path, 'to train on', training.tokens.length, context)
      refuseTooFew(path, 'to judge by', tokens.length, context)
      const share = Math.max(1, Math.round((validationWindows * tokens.length) / held))
      return evaluationWindows({ tokens, context, ...judgedWindows(tokens.length, context, share) })
    })
    const first = text.sources[0]!.validation.tokens
    const start =
      first instanceof Int32Array ? first.subarray(0, PROMPT_TOKENS) : first.read(0, PROMPT_TOKENS)
    return {
      batches: (seed) => tokenBatches({ tokens: text.training, batch, context, seed }),
      judged,
      prompt: tokenizer.decode(start),
      facts: {
        documents: text.documents,
        training: text.tokens - held,
        validation: held,
        judged: judgedTokens(judged),
      },
      close: () => text.close(),
    }
  } catch (error) {
    await text.forget()
    throw error
  }
}
