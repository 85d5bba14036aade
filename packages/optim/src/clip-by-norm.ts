// Transformation: bound the norm of each tensor's gradient. Comes in: a gradient. Goes out: the gradient,
// shortened.
// Source: Pascanu et al. 2013, algorithm 1, tensor by tensor as `clipnorm` of Keras.

import type { Transformation } from '@lotion/core'
import { numberIn, positive } from './number-range.js'
import { defineTransformation } from './define-transformation.js'

/**
 * Scale each parameter's gradient by min(1, limit / ‖g‖), the norm taken over that parameter alone. A bound
 * of its root mean square r is one of its norm, r · √size.
 * @param limit Largest norm that is left as it is, above 0; in units of the gradient.
 * @throws RangeError unless the limit is finite and above 0.
 * @example
 * ```ts
 * import { chain, clipByNorm, sgd } from '@lotion/optim'
 *
 * console.log(chain(clipByNorm(1), sgd({ learningRate: 0.1 })).name)
 * ```
 */
export function clipByNorm(limit: number): Transformation {
  numberIn(positive, 'limit', limit)
  return defineTransformation({
    name: 'clip-by-norm',
    update: ({ update }) => {
      const norm = update.mul(update).tensorSum().sqrt()
      // As in `clipByGlobalNorm`: short gradients stay exactly as they are, and nothing divides by 0.
      return { update: update.div(norm.div(limit).max(1)) }
    },
  })
}
