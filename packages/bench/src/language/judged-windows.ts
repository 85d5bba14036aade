// How much text a loss is measured on. Comes in: how many tokens there are. Goes out: sequences in all, and
// at once; tokens and bytes.

import type { Batch } from '@lotion/core'
import { judgedWindows as judgedText } from '@lotion/language/internal'
import type { Tokenizer } from '@lotion/text'
import type { DataFacts } from '../tasks/data-facts.js'

/** Sequences evaluated at once, whatever the training batch: every batch size is judged by the same text. */
export const EVALUATION_BATCH = 16

/**
 * Choose the windows of an evaluation: as many as fit and at most so many, a multiple of what is evaluated
 * at once, which is less where there are few.
 */
export function judgedWindows(
  tokens: number,
  context: number,
  most: number,
): { readonly batch: number; readonly count: number } {
  const fit = Math.min(most, Math.floor((tokens - 1) / context))
  const batch = Math.max(1, Math.min(EVALUATION_BATCH, fit))
  return { batch, count: fit - (fit % batch) }
}

/** What losses are measured on: tokens, and the bytes of their text. */
export function judgedFacts(
  judged: readonly Batch[],
  tokenizer: Tokenizer,
): Pick<Required<DataFacts>, 'judged' | 'judgedBytes'> {
  const { tokens, bytes } = judgedText(judged, tokenizer)
  return { judged: tokens, judgedBytes: bytes }
}

/** Refuse text that makes no sequence. @throws RangeError naming the source and what there is of it. */
export function refuseTooFew(source: string, what: string, tokens: number, context: number): void {
  if (tokens > context) return
  throw new RangeError(
    `data: ${source}: expected more than ${context} tokens ${what} (--context), found ${tokens}; give more text or a shorter context`,
  )
}
