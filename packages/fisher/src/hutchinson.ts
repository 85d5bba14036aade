// Fisher: the diagonal of the Hessian by random probes. Comes in: the signal `hessianProbe`. Goes out: F per
// weight.
// Source: Hutchinson's estimator of a diagonal, as what others write of Sophia (arXiv 2305.14342) tells it.

import { defineFamily, type FisherEstimator } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { defineFisher } from './define-fisher.js'
import { nameOf } from './name-of.js'
import { averaged, checkBeta, rareNumbers, unbiasAfter, type RareAverageOptions } from './rare-average.js'

/**
 * Average probes v ⊙ Hv of the Hessian, whose mean is its diagonal; 0 where that is below 0. The spread of a
 * probe is that of a row's other entries, so the memory is long. No likelihood is needed, and F does not
 * vanish with the residual. Needs the signal `hessianProbe`; costs two evaluations every `every` updates, and
 * one array a parameter.
 * Unit of F: the curvature of one loss term; the batch size does not matter, as the loss is a mean.
 * @param options Default: beta .99, in observations; every 10 updates.
 * @throws TypeError if an option is unknown, RangeError if one is out of its range.
 * @example
 * ```ts
 * import { hutchinson } from '@lotion/fisher'
 * import { int4 } from '@lotion/formats'
 * import { lotion } from '@lotion/optim'
 *
 * console.log(lotion({ format: int4, fisher: hutchinson() }).settings)
 * ```
 */
export function hutchinson(options: RareAverageOptions = {}): FisherEstimator {
  refuseUnknownKeys('hutchinson', options, { beta: true, every: true })
  const { beta = 0.99, every = 10 } = options
  checkBeta(beta)
  return defineFisher({
    name: nameOf('hutchinson', { beta: [beta, 0.99], every: [every, 10] }),
    needs: [{ name: 'hessianProbe', every }],
    slots: ['probes'],
    scalars: (at) => ({ fresh: 1 - beta, unbias: unbiasAfter(at, beta, every) }),
    observe: ({ probes, hessianProbe: found, fresh }) => ({ probes: averaged(probes, found, fresh) }),
    diagonal: ({ probes, unbias }) => probes.mul(unbias).max(0),
  })
}

/** The estimators of `hutchinson`, by their memory. */
export const hutchinsonFamily = defineFamily({
  name: 'hutchinson',
  numbers: rareNumbers(0.99),
  make: ({ beta }) => hutchinson({ beta }),
})
