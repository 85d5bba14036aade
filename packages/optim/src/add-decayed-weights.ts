// Transformation: the slope of an L2 penalty. Comes in: a gradient. Goes out: the gradient and a part of the
// weights.
// Source: optax.add_decayed_weights, optax 0.2.8.

import type { ParameterInfo, Transformation } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { defineTransformation } from './define-transformation.js'
import { matricesDecay, withDecay } from './weight-decay.js'

/**
 * Add weightDecay · w, the slope of ½ weightDecay ‖w‖²: before an optimizer that is L2 regularization.
 * @param weightDecay Strength, at least 0; in units of the gradient per weight.
 * @param options Which parameters decay. Default: matrices, not norms or biases.
 * @throws TypeError if an option is unknown; RangeError unless the strength is finite and at least 0.
 * @example
 * ```ts
 * import { addDecayedWeights, chain, sgd } from '@lotion/optim'
 *
 * console.log(chain(addDecayedWeights(1e-4), sgd({ learningRate: 0.1, momentum: 0.9 })).name)
 * ```
 */
export function addDecayedWeights(
  weightDecay: number,
  options: { readonly decays?: (parameter: ParameterInfo) => boolean } = {},
): Transformation {
  refuseUnknownKeys('addDecayedWeights', options, { decays: true })
  const { decays = matricesDecay } = options
  return withDecay({ weightDecay, decays }, (decay) =>
    defineTransformation({
      name: 'decayed-weights',
      update: ({ w, update }) => ({ update: decay > 0 ? update.add(w.mul(decay)) : update }),
    }),
  )
}
