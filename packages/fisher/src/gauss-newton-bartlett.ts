// Fisher: squares of gradients whose labels the model has drawn. Comes in: the signal `sampledGradient`.
// Goes out: F per weight.
// Source: Liu et al., arXiv 2305.14342 (Sophia), the Gauss-Newton-Bartlett estimator.

import { defineFamily, type FisherEstimator } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { defineFisher } from './define-fisher.js'
import { nameOf } from './name-of.js'
import { averaged, checkBeta, rareNumbers, unbiasAfter, type RareAverageOptions } from './rare-average.js'

/**
 * Estimate the Gauss-Newton diagonal, which is the true Fisher of a likelihood: the moving average of terms ·
 * ĝ², ĝ the gradient of the batch with labels drawn from the model. Drawn labels have mean gradient 0, so the
 * square of a batch's mean has the expectation of a single term's over the batch size, exactly, at any
 * weights: F does not vanish where the model fits its data. Needs the signal `sampledGradient`; costs one
 * more backward pass every `every` updates, and one array a parameter.
 * Unit of F: the curvature of one loss term, at any batch size.
 * @param options Default: beta .99, in observations; every 10 updates.
 * @throws TypeError if an option is unknown, RangeError if one is out of its range.
 * @example
 * ```ts
 * import { gaussNewtonBartlett } from '@lotion/fisher'
 * import { int4 } from '@lotion/formats'
 * import { lotion } from '@lotion/optim'
 *
 * console.log(lotion({ format: int4, fisher: gaussNewtonBartlett({ every: 5 }) }).settings)
 * ```
 */
export function gaussNewtonBartlett(options: RareAverageOptions = {}): FisherEstimator {
  refuseUnknownKeys('gaussNewtonBartlett', options, { beta: true, every: true })
  const { beta = 0.99, every = 10 } = options
  checkBeta(beta)
  return defineFisher({
    name: nameOf('gauss-newton-bartlett', { beta: [beta, 0.99], every: [every, 10] }),
    needs: [{ name: 'sampledGradient', every, units: 'gradient' }],
    slots: ['squares'],
    nonNegative: ['squares'],
    scalars: (at) => ({
      terms: at.terms,
      fresh: 1 - beta,
      unbias: unbiasAfter(at, beta, every),
    }),
    observe: ({ squares, sampledGradient: drawn, terms, fresh }) => ({
      squares: averaged(squares, drawn?.mul(drawn).mul(terms), fresh),
    }),
    diagonal: ({ squares, unbias }) => squares.mul(unbias),
  })
}

/** The estimators of `gaussNewtonBartlett`, by their memory. */
export const gaussNewtonBartlettFamily = defineFamily({
  name: 'gauss-newton-bartlett',
  numbers: rareNumbers(0.99),
  make: ({ beta }) => gaussNewtonBartlett({ beta }),
})
