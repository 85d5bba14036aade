// Text of one's own as batches. Comes in: sources, a tokenizer, extents. Goes out: what a language model is
// trained and judged on.
// Source: docs/design/04-bench.md, text of one's own.

import { evaluationWindows, tokenBatches, type Tokenizer } from '@lotion/text'
import { openText, type OpenSource, type TextPart, type TextSource } from '@lotion/text/node'
import type { DataReading } from '../tasks/task.js'
import { judgedFacts, judgedWindows, refuseTooFew } from './judged-windows.js'
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
  /** Which tokens losses are means over: `all`, or those that the `assistant` of messages wrote. */
  readonly lossOn: 'all' | 'assistant'
}

/**
 * Open text. Every source is judged on by as many sequences as its part of all that is held back.
 * @throws RangeError naming the source, line or byte that is wrong; or if there is too little text, or
 * nothing of it counts.
 */
export async function sourceData(options: SourceOptions): Promise<LanguageData> {
  const { sources, tokenizer, cache, batch, context, validationWindows, lossOn } = options
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
    const streamOf = ({ tokens, counted }: TextPart) => (lossOn === 'assistant' ? counted : tokens)
    const drawn = { batch, context }
    const judged = text.sources.flatMap((source) => {
      const { path, training } = source
      const tokens = streamOf(source.validation)
      if (lossOn === 'assistant') refuseOtherText(source)
      refuseTooFew(path, 'to train on', training.tokens.length, context)
      refuseTooFew(path, 'to judge by', tokens.length, context)
      // What the library refuses of one stream is told by the name of its source, and before the run.
      named(path, 'to train on', () => tokenBatches({ tokens: streamOf(training), ...drawn, seed: 0 }))
      const share = Math.max(1, Math.round((validationWindows * tokens.length) / held))
      const windows = judgedWindows(tokens.length, context, share)
      return named(path, 'to judge by', () => evaluationWindows({ tokens, context, ...windows }))
    })
    const training = text.sources.map((source) => ({ ...source, tokens: streamOf(source.training) }))
    const first = text.sources[0]!.validation.tokens
    const start =
      first instanceof Int32Array ? first.subarray(0, PROMPT_TOKENS) : first.read(0, PROMPT_TOKENS)
    return {
      batches: (seed) => tokenBatches({ tokens: training, ...drawn, seed }),
      judged,
      prompt: tokenizer.decode(start),
      // Asked for before a run, not by each of its processes.
      get facts() {
        const { documents, tokens } = text
        return { documents, training: tokens - held, validation: held, ...judgedFacts(judged, tokenizer) }
      },
      close: () => text.close(),
    }
  } catch (error) {
    await text.forget()
    throw error
  }
}

/** Refuse documents in which nobody is an assistant. @throws RangeError naming the source. */
function refuseOtherText({ path, documents, conversations }: OpenSource): void {
  if (conversations === documents) return
  throw new RangeError(
    `data: ${path}: expected conversations alone (--loss-on assistant), lines of .jsonl with messages, found ${documents - conversations} of ${documents} documents that are none; leave them or the option out`,
  )
}

/** Name the source of what is refused. */
function named<T>(path: string, what: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new RangeError(`data: ${path}: ${what}: ${error.message}`, { cause: error })
  }
}
