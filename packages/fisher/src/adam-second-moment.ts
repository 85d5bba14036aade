// Fisher: Adam's own second moment, at no extra memory. Comes in: Adam's buffer. Goes out: F per weight.
// Source: LOTION (arXiv 2510.08757).

import { defineFisher } from './define-fisher.js'
import { defineFamily, type FisherEstimator } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'

/** Whose second moment is read. */
export interface AdamSecondMomentOptions {
  /** Name of the transformation whose buffer is read. Default `adamw`. */
  readonly of?: string
}

/**
 * Read the second moment that Adam left after the previous step: F = terms · v / (1 − β2^t); 0 before the
 * first step. v averages what Adam was fed, so clipping and the penalty's own gradient are in it; right when
 * β2 is long.
 * Unit of F: the loss squared per weight squared, per loss term, as that of `empirical`.
 * @throws TypeError if an option is unknown.
 * @example
 * ```ts
 * import { adamSecondMoment } from '@lotion/fisher'
 * import { int4 } from '@lotion/formats'
 * import { lotion } from '@lotion/optim'
 *
 * console.log(lotion({ format: int4, fisher: adamSecondMoment() }).settings)
 * ```
 */
export function adamSecondMoment(options: AdamSecondMomentOptions = {}): FisherEstimator {
  refuseUnknownKeys('adamSecondMoment', options, { of: true })
  const { of = 'adamw' } = options
  return defineFisher({
    name: 'adam-second-moment',
    borrows: { v: `${of}.v`, seen: `${of}.seen` },
    scalars: ({ terms }) => ({ terms }),
    // Values of the call come first: a single multiplication a weight.
    diagonal: ({ v, seen, terms }) => v.mul(seen.mul(-1).less(0, terms.div(seen), 0)),
  })
}

/** The estimator of `adamSecondMoment`, beside an optimizer called `adamw`. */
export const adamSecondMomentFamily = defineFamily({
  name: 'adam-second-moment',
  make: () => adamSecondMoment(),
})
