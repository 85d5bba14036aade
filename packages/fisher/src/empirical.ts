// Fisher: the empirical diagonal with a memory of its own. Comes in: raw gradients. Goes out: F per weight.
// Source: LOTION (arXiv 2510.08757): squared gradients accumulated as in Adam.

import { defineFisher } from './define-fisher.js'
import { nameOf } from './name-of.js'
import { defineFamily, type FisherEstimator, type Lane } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'

/** How the empirical Fisher averages. */
export interface EmpiricalOptions {
  /** Memory of the moving average, in [0, 1). Default .999: about a thousand steps. */
  readonly beta?: number
}

/**
 * Average squared raw gradients: s ← β s + (1 − β) terms · g², F = s / (1 − β^t).
 * A gradient that averages B loss terms has squares about B times smaller than the mean squared gradient of
 * one term; multiplying by `terms`, step by step, makes F, and so λ, independent of the batch size, also
 * where it changes. One array per parameter.
 * Unit of F: the loss squared per weight squared, per loss term; for a loss that is a negative log-likelihood
 * that is the curvature.
 * @throws TypeError if an option is unknown, RangeError unless 0 ≤ beta < 1.
 * @example
 * ```ts
 * import { empirical } from '@lotion/fisher'
 * import { int4 } from '@lotion/formats'
 * import { lotion } from '@lotion/optim'
 *
 * console.log(lotion({ format: int4, fisher: empirical({ beta: 0.99 }) }).settings)
 * ```
 */
export function empirical(options: EmpiricalOptions = {}): FisherEstimator {
  refuseUnknownKeys('empirical', options, { beta: true })
  const { beta = 0.999 } = options
  if (!(beta >= 0 && beta < 1)) throw new RangeError(`beta: expected a number in [0, 1), found ${beta}`)
  return defineFisher({
    name: nameOf('empirical', { beta: [beta, 0.999] }),
    needs: ['gradient'],
    slots: ['squares'],
    nonNegative: ['squares'],
    scalars: ({ step, terms, updates = step }) => ({
      terms,
      fresh: 1 - beta,
      unbias: 1 / (1 - beta ** (updates + 1)),
    }),
    // s + (1 − β)(terms · g² − s): one multiplication less than the textbook form, and exact where nothing
    // changes.
    observe: (x) => ({ squares: x.squares.add(square(x).sub(x.squares).mul(x.fresh)) }),
    diagonal: ({ squares, unbias }) => squares.mul(unbias),
    present: (x) => square(x),
  })
}

/** What one step says of F. */
const square = ({ gradient, terms }: { readonly gradient: Lane; readonly terms: Lane }): Lane =>
  gradient.mul(gradient).mul(terms)

/** The estimators of `empirical`, by their memory. */
export const empiricalFamily = defineFamily({
  name: 'empirical',
  numbers: { beta: { default: 0.999, min: 0, below: 1 } },
  make: ({ beta }) => empirical({ beta }),
})
