// Optimizer: Adam with decoupled weight decay. Comes in: a gradient. Goes out: an update.
// Source: Kingma & Ba 2015; Loshchilov & Hutter 2019, algorithm 2.

import { defineFamily, type ParameterInfo, type Transformation } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import type { OptimizerContext } from './family-contexts.js'
import { fraction, nonNegative, numberIn, positive } from './number-range.js'
import { scheduleOf, type Schedule } from './schedule.js'
import { defineTransformation, transformationOf } from './define-transformation.js'

/** What `adamw` takes; all but the learning rate has a default. */
export interface AdamwOptions {
  /** A number above 0, or a schedule that may end at 0. */
  readonly learningRate: number | Schedule
  /** Memory of the mean gradient, in [0, 1). Default .9. */
  readonly beta1?: number
  /** Memory of the mean square, in [0, 1). Default .999. */
  readonly beta2?: number
  /** Added to √v̂; above 0 in single precision. Default 1e-8. */
  readonly epsilon?: number
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
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options
  const { decays = ({ shape }) => shape.length >= 2 } = options
  const rate = scheduleOf(learningRate, { option: 'learningRate', range: positive, along: nonNegative })
  numberIn(fraction, 'beta1', beta1)
  numberIn(fraction, 'beta2', beta2)
  numberIn(nonNegative, 'weightDecay', weightDecay)
  // In single precision a smaller number is 0, and 0 / 0 would reach every weight that has had no gradient
  // yet.
  numberIn(positive, 'epsilon', Math.fround(epsilon), 'a smaller one vanishes in single precision')
  const variant = (decay: number): Transformation =>
    defineTransformation({
      name: 'adamw',
      slots: ['m', 'v'],
      stepSize: 'rate',
      nonNegative: ['v'],
      scalars: (at) => {
        const { updates = at.step } = at
        return {
          rate: rate(at),
          unbias1: 1 / (1 - beta1 ** (updates + 1)),
          unbias2: 1 / (1 - beta2 ** (updates + 1)),
          seen: 1 - beta2 ** updates,
        }
      },
      update: (x) => {
        const g = x.update
        const m = x.m.add(g.sub(x.m).mul(1 - beta1))
        const v = x.v.add(
          g
            .mul(g)
            .sub(x.v)
            .mul(1 - beta2),
        )
        const along = m.mul(x.unbias1).div(v.mul(x.unbias2).sqrt().add(epsilon))
        const withDecay = decay > 0 ? along.add(x.w.mul(decay)) : along
        // −rate is one number a call: no operation a weight.
        return { update: withDecay.mul(x.rate.mul(-1)), m, v }
      },
    })
  const plain = variant(0)
  if (weightDecay === 0) return plain
  const decaying = variant(weightDecay)
  return transformationOf({ ...plain, resolve: (parameter) => (decays(parameter) ? decaying : plain) })
}

/** The optimizers of `adamw`, by their numbers. */
export const adamwFamily = defineFamily({
  name: 'adamw',
  numbers: {
    beta1: { default: 0.9, min: 0, below: 1 },
    beta2: { default: 0.999, min: 0, below: 1 },
    epsilon: { default: 1e-8, above: 0 },
    weightDecay: { default: 0, min: 0 },
  },
  make: (numbers, { learningRate }: OptimizerContext) => adamw({ learningRate, ...numbers }),
  examples: [{ weightDecay: 0.1 }],
})
