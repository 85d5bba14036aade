// Transformation: bound every number of a gradient. Comes in: a gradient. Goes out: the gradient, clipped.
// Source: optax.clip, optax 0.2.8.

import type { Transformation } from '@lotion/core'
import { numberIn, positive } from './number-range.js'
import { defineTransformation } from './define-transformation.js'

/**
 * Bound each number of the gradient to [−limit, limit]; its direction changes.
 * @param limit Largest magnitude that is left as it is, above 0; in units of the gradient.
 * @throws RangeError unless the limit is finite and above 0.
 * @example
 * ```ts
 * import { chain, clipByValue, sgd } from '@lotion/optim'
 *
 * console.log(chain(clipByValue(0.5), sgd({ learningRate: 0.1 })).name)
 * ```
 */
export function clipByValue(limit: number): Transformation {
  numberIn(positive, 'limit', limit)
  return defineTransformation({
    name: 'clip-by-value',
    update: ({ update }) => ({ update: update.min(limit).max(-limit) }),
  })
}
