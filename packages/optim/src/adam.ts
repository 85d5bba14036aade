// Optimizer: Adam without weight decay. Comes in: a gradient. Goes out: an update.
// Source: Kingma & Ba 2015, algorithm 1; defaults of optax.adam, optax 0.2.8.

import { defineFamily, type Transformation } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { adamFormula, adamNumbers, type AdamOptions } from './adam-formula.js'
import type { OptimizerContext } from './family-contexts.js'

export type { AdamOptions } from './adam-formula.js'

/**
 * m ← β1 m + (1 − β1) g; v ← β2 v + (1 − β2) g²; update = −lr m̂ / (√v̂ + ε), with bias-corrected m̂, v̂.
 * Slots `m`, `v`; its Fisher is `adamSecondMoment({ of: 'adam' })`. For a penalty ½ d ‖w‖² in the loss (L2)
 * let `addDecayedWeights(d)` stand before it; decoupled decay is `adamw`.
 * @param options Learning rate, betas and ε; `learningRate` alone has no default.
 * @throws TypeError if an option is unknown, RangeError if one is out of its range.
 * @example
 * ```ts
 * import { adam, addDecayedWeights, chain, cosine } from '@lotion/optim'
 *
 * const regularized = chain(addDecayedWeights(1e-4), adam({ learningRate: cosine(1e-3) }))
 * console.log(regularized.slots) // adam.m, adam.v
 * ```
 */
export function adam(options: AdamOptions): Transformation {
  refuseUnknownKeys('adam', options, { learningRate: true, beta1: true, beta2: true, epsilon: true })
  return adamFormula('adam', options)(0)
}

/** The optimizers of `adam`, by their numbers. */
export const adamFamily = defineFamily({
  name: 'adam',
  numbers: adamNumbers,
  make: (numbers, { learningRate }: OptimizerContext) => adam({ learningRate, ...numbers }),
})
