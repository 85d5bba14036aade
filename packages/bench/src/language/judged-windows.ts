// How much text a loss is measured on. Comes in: how many tokens there are. Goes out: sequences in all, and
// at once.

import type { Batch } from '@lotion/core'
import { countedTargets } from '@lotion/models'

/** Sequences evaluated at once, whatever the training batch: every batch size is judged by the same text. */
const EVALUATION_BATCH = 16

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

/** Tokens that losses are measured on. */
export const judgedTokens = (judged: readonly Batch[]): number =>
  judged.reduce((sum, { y }) => sum + (y ? countedTargets(y) : 0), 0)

/** Refuse text that makes no sequence. @throws RangeError naming the source and what there is of it. */
export function refuseTooFew(source: string, what: string, tokens: number, context: number): void {
  if (tokens > context) return
  throw new RangeError(
    `data: ${source}: expected more than ${context} tokens ${what} (--context), found ${tokens}; give more text or a shorter context`,
  )
}
