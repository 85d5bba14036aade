// The presidents' speeches as batches. Comes in: extents. Goes out: what a language model is trained and
// judged on.
// Source: docs/design/04-bench.md, the language task.

import { byteTokenizer, evaluationWindows, tokenBatches, type Tokenizer } from '@lotion/text'
import { loadSpeeches, splitBySpeech, tokensOf } from '../data/speeches.js'

import { judgedFacts, judgedWindows, refuseTooFew } from './judged-windows.js'
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
export async function speechData({ batch, ...extents }: SpeechExtents): Promise<LanguageData> {
  const { tokenizer = byteTokenizer(), context } = extents
  const { training, held, judged, documents } = await heldSpeeches(extents)
  const windows = { tokens: tokensOf(training, tokenizer), batch, context }
  return {
    batches: (seed) => tokenBatches({ ...windows, seed }),
    judged,
    get facts() {
      return {
        documents,
        training: windows.tokens.length,
        validation: held,
        ...judgedFacts(judged, tokenizer),
      }
    },
    prompt: 'The people of the United States ',
    close: () => undefined,
  }
}

/** Bytes of a token that losses are measured on: the speeches to train on, most of the text, stay text. */
export async function speechBytesPerToken(extents: Omit<SpeechExtents, 'batch'>): Promise<number> {
  const { judged } = await heldSpeeches(extents)
  const { judged: tokens, judgedBytes } = judgedFacts(judged, extents.tokenizer ?? byteTokenizer())
  return judgedBytes / tokens
}

async function heldSpeeches({
  tokenizer = byteTokenizer(),
  context,
  validationWindows,
}: Omit<SpeechExtents, 'batch'>) {
  const { training, validation } = splitBySpeech(await loadSpeeches(), { seed: 0 })
  const tokens = tokensOf(validation, tokenizer)
  refuseTooFew('speeches', 'to judge by', tokens.length, context)
  const windows = judgedWindows(tokens.length, context, validationWindows)
  const judged = evaluationWindows({ tokens, context, ...windows })
  return { training, held: tokens.length, judged, documents: training.length + validation.length }
}
