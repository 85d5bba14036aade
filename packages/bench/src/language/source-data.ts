// Text of one's own as batches. Comes in: sources, a tokenizer, extents. Goes out: what a language model is
// trained and judged on.
// Source: docs/design/04-bench.md, text of one's own.

import type { Batch } from '@lotion/core'
import {
  evaluationWindows,
  packedBatches,
  packedWindows,
  tokenBatches,
  type TokenDocuments,
  type Tokenizer,
} from '@lotion/text'
import { openText, type OpenSource, type TextPart, type TextSource } from '@lotion/text/node'
import type { DataReading } from '../tasks/data-facts.js'
import { EVALUATION_BATCH, judgedFacts, judgedWindows, refuseTooFew } from './judged-windows.js'
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
  /** Whether sequences are whole documents side by side, which do not see each other. */
  readonly pack: boolean
}

/**
 * Open text. Every source is judged on by as many sequences as its part of all that is held back.
 * @throws RangeError naming the source, line or byte that is wrong; or if there is too little text, or
 * nothing of it counts.
 */
export async function sourceData(options: SourceOptions): Promise<LanguageData> {
  const { sources, tokenizer, cache, context, validationWindows, lossOn, pack } = options
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
    if (lossOn === 'assistant') text.sources.forEach(refuseOtherText)
    const { batches, windows } = pack ? packed(options) : cut(options)
    if (!pack)
      for (const { path, training, validation } of text.sources) {
        refuseTooFew(path, 'to train on', training.tokens.length, context)
        refuseTooFew(path, 'to judge by', validation.tokens.length, context)
      }
    // What the library refuses of one source is told by its name, and before the run.
    for (const source of text.sources) named(source.path, 'to train on', () => batches([source])(0)(0))
    const judged = text.sources.flatMap((source) => {
      const share = Math.max(1, Math.round((validationWindows * source.validation.tokens.length) / held))
      return named(source.path, 'to judge by', () => windows(source, share))
    })
    const drawn = batches(text.sources)
    const first = text.sources[0]!.validation.tokens
    const start =
      first instanceof Int32Array ? first.subarray(0, PROMPT_TOKENS) : first.read(0, PROMPT_TOKENS)
    return {
      batches: drawn,
      judged,
      prompt: tokenizer.decode(start),
      warnings: pack ? text.sources.flatMap((source) => cutDocuments(source, context)) : [],
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

/** Batches of sources by seed, and windows of one to judge by. */
interface Cutting {
  batches(sources: readonly OpenSource[]): (seed: number) => (step: number) => Batch
  windows(source: OpenSource, most: number): Batch[]
}

/** Windows anywhere in the text. */
function cut({ batch, context, lossOn }: SourceOptions): Cutting {
  const streamOf = ({ tokens, counted }: TextPart) => (lossOn === 'assistant' ? counted : tokens)
  return {
    batches(sources) {
      const tokens = sources.map(({ training, weight }) => ({ tokens: streamOf(training), weight }))
      return (seed) => tokenBatches({ tokens, batch, context, seed })
    },
    windows({ validation }, most) {
      const tokens = streamOf(validation)
      return evaluationWindows({ tokens, context, ...judgedWindows(tokens.length, context, most) })
    },
  }
}

/** Whole documents side by side. */
function packed({ batch, context, lossOn }: SourceOptions): Cutting {
  const documentsOf = ({ documents }: TextPart): TokenDocuments =>
    lossOn === 'assistant'
      ? documents
      : { ...documents, document: (i, most) => ({ ids: documents.document(i, most).ids }) }
  return {
    batches: (sources) => (seed) =>
      packedBatches({
        documents: sources.map(({ training, weight }) => ({
          documents: documentsOf(training),
          // By documents, so that a source's share of the tokens is that of its weight.
          weight: (weight * training.documents.length) / training.tokens.length,
        })),
        batch,
        context,
        seed,
      }),
    windows: ({ validation }, count) =>
      packedWindows({ documents: documentsOf(validation), batch: EVALUATION_BATCH, context, count }),
  }
}

/** What there is to say of documents that no sequence holds whole. */
function cutDocuments({ path, training: { documents } }: OpenSource, context: number): readonly string[] {
  let longer = 0
  // The last token of a document is a target alone.
  for (let i = 0; i < documents.length; i++) if ((documents.size?.(i) ?? 0) > context + 1) longer++
  if (longer === 0) return []
  return [
    `${path}: ${longer} of ${documents.length} documents are longer than a sequence of ${context} tokens (--context): with --pack what comes after that is not learnt`,
  ]
}

/** Refuse documents in which nobody is an assistant. @throws RangeError naming the source. */
function refuseOtherText({ path, documents, conversations, unmarked }: OpenSource): void {
  if (unmarked !== undefined)
    throw new RangeError(`data: ${unmarked}; leave --loss-on assistant out to learn all of it`)
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
