// Optimizer: Adam with decoupled weight decay. Comes in: a gradient. Goes out: an update.
// Source: Kingma & Ba 2015; Loshchilov & Hutter 2019, algorithm 2.

import { defineFamily, type ParameterInfo, type Transformation } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { adamFormula, adamNumbers, type AdamOptions } from './adam-formula.js'
import type { OptimizerContext } from './family-contexts.js'
import { withDecay } from './weight-decay.js'

/** What `adamw` takes; all but the learning rate has a default. */
export interface AdamwOptions extends AdamOptions {
  /** Decay a step relative to the learning rate. Default 0. */
  readonly weightDecay?: number
  /** Parameters that decay. Default: matrices, not norms or biases. */
  readonly decays?: (parameter: ParameterInfo) => boolean
}

const optionNames = {
  learningRate: true,
  beta1: true,
  beta2: true,
  epsilon: true,
  weightDecay: true,
  decays: true,
} as const

/**
 * m ← β1 m + (1 − β1) g; v ← β2 v + (1 − β2) g²; update = −lr (m̂ / (√v̂ + ε) + decay · w), with
 * bias-corrected m̂, v̂. Slots `m`, `v`; the scalar `rate` is the step size, and `seen` = 1 − β2^t tells
 * borrowers how much v holds before the step.
 * @param options Learning rate, weight decay, betas and ε; `learningRate` alone has no default.
 * @throws TypeError if an option is unknown, RangeError if one is out of its range.
 * @example
 * ```ts
 * import { adamw, cosine } from '@lotion/optim'
 *
 * console.log(adamw({ learningRate: cosine(1e-3), weightDecay: 0.1 }).slots) // m, v
 * ```
 */
export function adamw(options: AdamwOptions): Transformation {
  refuseUnknownKeys('adamw', options, optionNames)
  const { weightDecay = 0, decays } = options
  return withDecay({ weightDecay, decays }, adamFormula('adamw', options))
}

/** The optimizers of `adamw`, by their numbers. */
export const adamwFamily = defineFamily({
  name: 'adamw',
  numbers: { ...adamNumbers, weightDecay: { default: 0, min: 0 } },
  make: (numbers, { learningRate }: OptimizerContext) => adamw({ learningRate, ...numbers }),
  examples: [{ weightDecay: 0.1 }],
})
