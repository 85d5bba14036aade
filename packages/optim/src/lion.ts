// Optimizer: Lion, signs of an interpolated momentum. Comes in: a gradient. Goes out: an update.
// Source: Chen et al. 2023 (arXiv 2302.06675), as in optax 0.2.8 (lion, scale_by_lion).

import { defineFamily, type Lane, type ParameterInfo, type Transformation } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { defineTransformation } from './define-transformation.js'
import type { OptimizerContext } from './family-contexts.js'
import { fraction, nonNegative, numberIn, positive } from './number-range.js'
import { scheduleOf, type Schedule } from './schedule.js'
import { withDecay } from './weight-decay.js'

/** What `lion` takes; all but the learning rate has a default. */
export interface LionOptions {
  /** A number above 0, or a schedule that may end at 0; 3 to 10 times smaller than for AdamW. */
  readonly learningRate: number | Schedule
  /** Share of the momentum in the direction of a step, in [0, 1). Default .9. */
  readonly beta1?: number
  /** Memory of the momentum, in [0, 1). Default .99. */
  readonly beta2?: number
  /** Decay a step relative to the learning rate. Default 1e-3. */
  readonly weightDecay?: number
  /** Parameters that decay. Default: matrices, not norms or biases. */
  readonly decays?: (parameter: ParameterInfo) => boolean
}

const optionNames = { learningRate: true, beta1: true, beta2: true, weightDecay: true, decays: true } as const

/** −1, 0 or 1; NaN stays NaN. */
const sign = (x: Lane): Lane => x.less(0, -1, x.mul(-1).less(0, 1, x))

/**
 * update = −lr (sign(β1 m + (1 − β1) g) + decay · w), then m ← β2 m + (1 − β2) g. Every weight moves by the
 * learning rate, whatever the size of its gradient. Slot `m`.
 * @param options Learning rate, betas and weight decay; `learningRate` alone has no default.
 * @throws TypeError if an option is unknown, RangeError if one is out of its range.
 * @example
 * ```ts
 * import { cosine, lion } from '@lotion/optim'
 *
 * console.log(lion({ learningRate: cosine(3e-4), weightDecay: 0.1 }).slots) // m
 * ```
 */
export function lion(options: LionOptions): Transformation {
  refuseUnknownKeys('lion', options, optionNames)
  const { learningRate, beta1 = 0.9, beta2 = 0.99, weightDecay = 1e-3, decays } = options
  const rate = scheduleOf(learningRate, { option: 'learningRate', range: positive, along: nonNegative })
  numberIn(fraction, 'beta1', beta1)
  numberIn(fraction, 'beta2', beta2)
  return withDecay({ weightDecay, decays }, (decay) =>
    defineTransformation({
      name: 'lion',
      slots: ['m'],
      stepSize: 'rate',
      scalars: (at) => ({ rate: rate(at) }),
      update: ({ w, m, update: g, rate: step }) => {
        const off = g.sub(m)
        const along = sign(m.add(off.mul(1 - beta1)))
        const withDecay = decay > 0 ? along.add(w.mul(decay)) : along
        return { update: withDecay.mul(step.mul(-1)), m: m.add(off.mul(1 - beta2)) }
      },
    }),
  )
}

/** The optimizers of `lion`, by their numbers. */
export const lionFamily = defineFamily({
  name: 'lion',
  numbers: {
    beta1: { default: 0.9, min: 0, below: 1 },
    beta2: { default: 0.99, min: 0, below: 1 },
    weightDecay: { default: 1e-3, min: 0 },
  },
  make: (numbers, { learningRate }: OptimizerContext) => lion({ learningRate, ...numbers }),
})
