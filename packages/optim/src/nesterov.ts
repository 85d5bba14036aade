// Optimizer: gradient descent with Nesterov momentum, under its own name. Comes in: a gradient. Goes out: an
// update.
// Source: Sutskever et al. 2013, in the form of optax and PyTorch.

import { defineFamily, type Transformation } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { transformationOf } from './define-transformation.js'
import type { OptimizerContext } from './family-contexts.js'
import { sgd, type SgdOptions } from './sgd.js'

/**
 * Step along the gradient at the point ahead: velocity ← μ velocity + g, update = −lr (g + μ velocity). It is
 * `sgd` with `nesterov`, for those who choose by name: `--optimizer nesterov:0.95`.
 * @param options Learning rate, and momentum above 0. Default .9.
 * @throws TypeError if an option is unknown, RangeError if one is out of its range.
 * @example
 * ```ts
 * import { cosine, nesterov } from '@lotion/optim'
 *
 * console.log(nesterov({ learningRate: cosine(0.1) }).slots) // velocity
 * ```
 */
export function nesterov(options: Pick<SgdOptions, 'learningRate' | 'momentum'>): Transformation {
  refuseUnknownKeys('nesterov', options, { learningRate: true, momentum: true })
  const { learningRate, momentum = 0.9 } = options
  return transformationOf({ ...sgd({ learningRate, momentum, nesterov: true }), name: 'nesterov' })
}

/** The optimizers of `nesterov`, by their momentum. */
export const nesterovFamily = defineFamily({
  name: 'nesterov',
  numbers: { momentum: { default: 0.9, above: 0, below: 1 } },
  make: ({ momentum }, { learningRate }: OptimizerContext) => nesterov({ learningRate, momentum }),
})
