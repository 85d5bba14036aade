// Curvature estimators as records. Comes in: slots and formulas. Goes out: an estimator.
// Source: docs/design/03-formats-and-methods.md.

import type { FisherEstimator } from '@lotion/core'

/** Make an estimator; what is left out has nothing: no signals, slots, borrowed values or scalars. The record is frozen. */
export function defineFisher(
  definition: Pick<FisherEstimator, 'name' | 'diagonal'> & Partial<FisherEstimator>,
): FisherEstimator {
  return Object.freeze({
    needs: [],
    slots: [],
    borrows: {},
    scalarNames: [],
    scalars: () => ({}),
    observe: () => ({}),
    ...definition,
  })
}
