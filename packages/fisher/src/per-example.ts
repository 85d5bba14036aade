// Fisher: the empirical diagonal of single examples. Comes in: the signal `perExampleSquare`. Goes out: F
// per weight.
// Source: the empirical Fisher as it is defined, a mean over examples; docs/design/03-formats-and-methods.md.

import { defineFamily, type FisherEstimator } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { defineFisher } from './define-fisher.js'
import { nameOf } from './name-of.js'
import { averaged, checkBeta, rareNumbers, unbiasAfter, type RareAverageOptions } from './rare-average.js'

/**
 * Average squared gradients of single examples. Unlike the square of a batch's mean (`empirical`) it does not
 * take noise of few batches for curvature, and needs no factor of the batch size; like it, it vanishes where
 * the model fits every example. Needs the signal `perExampleSquare`; costs one evaluation an example every
 * `every` updates, and one array a parameter.
 * Unit of F: the loss squared per weight squared, per loss term, at any batch size.
 * @param options Default: beta .99, in observations; every 10 updates.
 * @throws TypeError if an option is unknown, RangeError if one is out of its range.
 * @example
 * ```ts
 * import { perExample } from '@lotion/fisher'
 * import { int4 } from '@lotion/formats'
 * import { lotion } from '@lotion/optim'
 *
 * console.log(lotion({ format: int4, fisher: perExample() }).settings)
 * ```
 */
export function perExample(options: RareAverageOptions = {}): FisherEstimator {
  refuseUnknownKeys('perExample', options, { beta: true, every: true })
  const { beta = 0.99, every = 10 } = options
  checkBeta(beta)
  return defineFisher({
    name: nameOf('per-example', { beta: [beta, 0.99], every: [every, 10] }),
    needs: [{ name: 'perExampleSquare', every }],
    slots: ['squares'],
    nonNegative: ['squares'],
    scalars: (at) => ({ fresh: 1 - beta, unbias: unbiasAfter(at, beta, every) }),
    observe: ({ squares, perExampleSquare: found, fresh }) => ({ squares: averaged(squares, found, fresh) }),
    diagonal: ({ squares, unbias }) => squares.mul(unbias),
    present: ({ squares, perExampleSquare: found, unbias }) => found ?? squares.mul(unbias),
  })
}

/** The estimators of `perExample`, by their memory. */
export const perExampleFamily = defineFamily({
  name: 'per-example',
  numbers: rareNumbers(0.99),
  make: ({ beta }) => perExample({ beta }),
})
