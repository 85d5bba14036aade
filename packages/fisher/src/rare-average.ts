// The moving average of a signal that comes now and then. Comes in: memory and pace. Goes out: the scalars
// of its steps, and its formula.
// Source: Adam's bias correction (Kingma and Ba, arXiv 1412.6980), counted in observations.

import type { Lane, StepInfo } from '@lotion/core'

/** How an estimator of a rare signal averages. */
export interface RareAverageOptions {
  /** Memory of the moving average in observations, in [0, 1). */
  readonly beta?: number
  /** The signal is asked for at every so-manieth update, a positive whole number. */
  readonly every?: number
}

/** Numbers of a family of such estimators; the pace is whole, which the numbers of a family need not be. */
export const rareNumbers = (beta: number) => ({ beta: { default: beta, min: 0, below: 1 } }) as const

/** @throws RangeError unless 0 ≤ beta < 1. */
export function checkBeta(beta: number): void {
  if (!(beta >= 0 && beta < 1)) throw new RangeError(`beta: expected a number in [0, 1), found ${beta}`)
}

/**
 * What a mean from 0 is multiplied by: 1 / (1 − β^n) after n observations; 1 before the first, where it is 0.
 * Observations come at updates of the run that are multiples of the pace; a part counts those since it began.
 */
export function unbiasAfter({ step, updates = step }: StepInfo, beta: number, every: number): number {
  const seen = Math.floor(step / every) - Math.ceil((step - updates) / every) + 1
  return seen < 1 ? 1 : 1 / (1 - beta ** seen)
}

/** s + (1 − β)(found − s), or s where nothing came. @param fresh 1 − β. */
export function averaged(known: Lane, found: Lane | undefined, fresh: Lane): Lane {
  return found ? known.add(found.sub(known).mul(fresh)) : known
}
