// Transformation: bound the norm of the whole gradient. Comes in: a gradient. Goes out: the gradient,
// shortened.
// Source: Pascanu et al. 2013, algorithm 1, over all parameters together as in optax.

import type { Transformation } from '@lotion/core'
import { numberIn, positive } from './number-range.js'
import { defineTransformation } from './define-transformation.js'

/**
 * Scale by min(1, limit / ‖g‖), the norm taken over all parameters.
 * @param limit Largest norm that is left as it is, above 0; in units of the gradient.
 * @throws RangeError unless the limit is finite and above 0.
 * @example
 * ```ts
 * import { chain, clipByGlobalNorm, sgd } from '@lotion/optim'
 *
 * console.log(chain(clipByGlobalNorm(1), sgd({ learningRate: 0.1 })).name)
 * ```
 */
export function clipByGlobalNorm(limit: number): Transformation {
  numberIn(positive, 'limit', limit)
  return defineTransformation({
    name: 'clip',
    update({ update }) {
      // The name in the chain (`clip`, `clip#2`) keeps the norms of two clips apart: totals of one name are
      // one sum.
      const norm = update.mul(update).total(`${this.name}: squared norm`).sqrt()
      // Dividing by max(‖g‖ / limit, 1) leaves short gradients exactly as they are and never divides by 0.
      return { update: update.div(norm.div(limit).max(1)) }
    },
  })
}
