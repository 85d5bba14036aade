// Fisher: a diagonal that is known. Comes in: the step's curvature, or fixed values. Goes out: F per weight.
// Source: LOTION (arXiv 2510.08757), section 5: for a quadratic loss F = diag H is exact.

import { defineFisher } from './define-fisher.js'
import type { FisherEstimator, Tree } from '@lotion/core'

/**
 * Use a known diagonal: without an argument the `curvature` that the gradient step delivers anew each step;
 * with one, these values for the whole run (parameter name → one value per weight).
 */
export function exact(diagonal?: Tree<Float32Array>): FisherEstimator {
  if (!diagonal) {
    return defineFisher({ name: 'exact', needs: ['curvature'], diagonal: ({ curvature }) => curvature! })
  }
  return defineFisher({ name: 'exact', slots: ['diagonal'], initial: { diagonal }, diagonal: ({ diagonal: given }) => given! })
}
