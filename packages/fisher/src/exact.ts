// Fisher: a diagonal that is known. Comes in: the step's curvature, or fixed values. Goes out: F per weight.
// Source: LOTION (arXiv 2510.08757): for a quadratic loss F = diag H is exact.

import { defineFisher } from './define-fisher.js'
import { defineFamily, type FisherEstimator, type Tree } from '@lotion/core'

/**
 * Use a known diagonal: without an argument the `curvature` that the gradient step delivers anew each step;
 * with one, these values for the whole run (parameter name → one value per weight).
 * Unit of F: that of the values, per loss term; ∂²loss/∂w² of one term makes λ = 1 the strength that the
 * theory asks for.
 * @param diagonal One value a weight, at least 0 and finite, by the parameter's name.
 * @throws RangeError if a given value is negative or not finite: a curvature below 0 would reward distance
 * from the grid.
 * @example
 * ```ts
 * import { exact } from '@lotion/fisher'
 * import { int4 } from '@lotion/formats'
 * import { lotion } from '@lotion/optim'
 *
 * console.log(lotion({ format: int4, fisher: exact() }).settings)
 * ```
 */
export function exact(diagonal?: Tree<Float32Array>): FisherEstimator {
  if (!diagonal) {
    return defineFisher({ name: 'exact', needs: ['curvature'], diagonal: ({ curvature }) => curvature })
  }
  for (const [name, values] of Object.entries(diagonal)) {
    const at = values.findIndex((value) => !(value >= 0 && value < Infinity))
    if (at >= 0)
      throw new RangeError(
        `diagonal: '${name}'[${at}]: expected a finite number of at least 0, found ${values[at]}`,
      )
  }
  return defineFisher({
    name: 'exact',
    slots: ['diagonal'],
    initial: { diagonal },
    nonNegative: ['diagonal'],
    diagonal: ({ diagonal: given }) => given,
  })
}

/** The estimator of `exact` that takes the curvature which the gradient step delivers. */
export const exactFamily = defineFamily({ name: 'exact', make: () => exact() })
