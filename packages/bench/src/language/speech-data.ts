// The presidents' speeches as batches. Comes in: extents. Goes out: what a language model is trained and
// judged on.
// Source: docs/design/04-bench.md, the language task.

import { byteTokenizer, evaluationWindows, tokenBatches, type Tokenizer } from '@lotion/text'
import { loadSpeeches, splitBySpeech, tokensOf } from '../data/speeches.js'

import { judgedTokens, judgedWindows, refuseTooFew } from './judged-windows.js'
import type { LanguageData } from './open-language.js'

/** Extents of the batches. */
export interface SpeechExtents {
  /** Default: bytes, so that nothing stands between a loss and its meaning. */
  readonly tokenizer?: Tokenizer
  /** Sequences a step. */
  readonly batch: number
  /** Tokens a sequence. */
  readonly context: number
  /** Validation sequences at most. */
  readonly validationWindows: number
}

/** Load the speeches and split them by speech: the same for every seed. */
export async function speechData({
  tokenizer = byteTokenizer(),
  batch,
  context,
  validationWindows,
}: SpeechExtents): Promise<LanguageData> {
  const { training, validation } = splitBySpeech(await loadSpeeches(), { seed: 0 })
  const windows = { tokens: tokensOf(training, tokenizer), batch, context }
  const tokens = tokensOf(validation, tokenizer)
  refuseTooFew('speeches', 'to judge by', tokens.length, context)
  const judged = evaluationWindows({
    tokens,
    context,
    ...judgedWindows(tokens.length, context, validationWindows),
  })
  return {
    batches: (seed) => tokenBatches({ ...windows, seed }),
    judged,
    facts: {
      documents: training.length + validation.length,
      training: windows.tokens.length,
      validation: tokens.length,
      judged: judgedTokens(judged),
    },
    prompt: 'The people of the United States ',
    close: () => undefined,
  }
}
