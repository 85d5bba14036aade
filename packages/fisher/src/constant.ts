// Fisher: the same for every weight. Comes in: a number. Goes out: F per weight.
// Source: the definition: with it the penalty is the mean squared error of rounding, whatever the loss.

import { defineFamily, type FisherEstimator } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { defineFisher } from './define-fisher.js'
import { nameOf } from './name-of.js'

/** What F is. */
export interface ConstantFisherOptions {
  /** F of every weight, above 0. Default 1. */
  readonly value?: number
}

/**
 * Take the same F for every weight: the penalty is then λ · ½ · value · the squared error of random casts,
 * whatever the loss minds. Never vanishes, costs nothing, knows nothing; a control, and a way out where no
 * other signal can be had. Its strength is λ · value: tune λ.
 * Unit of F: that of a curvature per loss term.
 * @param options The value; default 1.
 * @throws TypeError if an option is unknown, RangeError unless the value is finite and above 0.
 * @example
 * ```ts
 * import { constantFisher } from '@lotion/fisher'
 * import { int4 } from '@lotion/formats'
 * import { lotion } from '@lotion/optim'
 *
 * console.log(lotion({ format: int4, fisher: constantFisher({ value: 0.01 }) }).settings)
 * ```
 */
export function constantFisher(options: ConstantFisherOptions = {}): FisherEstimator {
  refuseUnknownKeys('constantFisher', options, { value: true })
  const { value = 1 } = options
  if (!(value > 0 && value < Infinity))
    throw new RangeError(`value: expected a finite number above 0, found ${value}`)
  return defineFisher({
    name: nameOf('constant', { value: [value, 1] }),
    scalars: () => ({ everywhere: value }),
    diagonal: ({ everywhere }) => everywhere,
  })
}

/** The estimators of `constantFisher`, by their value. */
export const constantFisherFamily = defineFamily({
  name: 'constant',
  numbers: { value: { default: 1, above: 0 } },
  make: ({ value }) => constantFisher({ value }),
})
