// Optimizer: Sophia, momentum divided by curvature and clipped. Comes in: a gradient. Goes out: an update.
// Source: optax.contrib.sophia of optax 0.2.8, formula and defaults; Liu et al. 2023 (arXiv 2305.14342).

import {
  defineFamily,
  fisherDiagonal,
  leafOf,
  observedSlots,
  type FisherEstimator,
  type ParameterInfo,
  type Transformation,
} from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { empirical } from '@lotion/fisher'
import { checkFisher } from './check-plugins.js'
import { transformationOf } from './define-transformation.js'
import type { OptimizerContext } from './family-contexts.js'
import { fraction, nonNegative, numberIn, positive } from './number-range.js'
import { scheduleOf, type Schedule } from './schedule.js'
import { withDecay } from './weight-decay.js'

/** What `sophia` takes; all but the learning rate has a default. */
export interface SophiaOptions {
  /** A number above 0, or a schedule that may end at 0. */
  readonly learningRate: number | Schedule
  /** The curvature that steps are divided by. Default: the empirical Fisher with long memory. */
  readonly fisher?: FisherEstimator
  /** Memory of the mean gradient, in [0, 1). Default .965. */
  readonly beta1?: number
  /** Factor of the curvature, above 0: the smaller, the more steps are clipped. Default .01. */
  readonly gamma?: number
  /** Bound of a step relative to the learning rate, above 0. Default 1. */
  readonly clipThreshold?: number
  /** The least that is divided by; above 0 in single precision. Default 1e-8. */
  readonly epsilon?: number
  /** Decay a step relative to the learning rate. Default 1e-4. */
  readonly weightDecay?: number
  /** Parameters that decay. Default: matrices, not norms or biases. */
  readonly decays?: (parameter: ParameterInfo) => boolean
}

const optionNames: Readonly<Record<keyof SophiaOptions, true>> = {
  learningRate: true,
  fisher: true,
  beta1: true,
  gamma: true,
  clipThreshold: true,
  epsilon: true,
  weightDecay: true,
  decays: true,
}

/**
 * m ← β1 m + (1 − β1) g; update = −lr (clip(m̂ / max(γ F, ε), ±threshold) + decay · w), with bias-corrected
 * m̂, and F as the Fisher has it after this step's gradient. Slots `m` and those of the Fisher, which is any
 * that penalties take: `empirical()`, `exact()`. The paper estimates F every 10 steps with a β2 of .99, the
 * Fisher here at each with .999.
 * @param options Learning rate, Fisher, and the numbers; `learningRate` alone has no default.
 * @throws TypeError if an option is unknown, the Fisher is none, or has a slot or scalar named as one of
 * Sophia's; RangeError if a number is out of its range.
 * @example
 * ```ts
 * import { cosine, sophia } from '@lotion/optim'
 *
 * console.log(sophia({ learningRate: cosine(1e-3), gamma: 0.05 }).slots) // m, squares
 * ```
 */
export function sophia(options: SophiaOptions): Transformation {
  refuseUnknownKeys('sophia', options, optionNames)
  const { learningRate, fisher = empirical(), beta1 = 0.965, gamma = 0.01, clipThreshold = 1 } = options
  const { epsilon = 1e-8, weightDecay = 1e-4, decays } = options
  const rate = scheduleOf(learningRate, { option: 'learningRate', range: positive, along: nonNegative })
  checkFisher('sophia: fisher', fisher)
  numberIn(fraction, 'beta1', beta1)
  numberIn(positive, 'gamma', gamma)
  numberIn(positive, 'clipThreshold', clipThreshold)
  numberIn(positive, 'epsilon', Math.fround(epsilon), 'a smaller one vanishes in single precision')
  return withDecay({ weightDecay, decays }, (decay) =>
    transformationOf({
      name: 'sophia',
      needs: fisher.needs,
      slots: ['m', ...fisher.slots],
      borrows: fisher.borrows,
      ...(fisher.initial ? { initial: fisher.initial } : {}),
      ...(fisher.nonNegative ? { nonNegative: fisher.nonNegative } : {}),
      stepSize: 'rate',
      scalars: (at): Readonly<Record<string, number>> => {
        const { updates = at.step } = at
        const own = { rate: rate(at), unbias1: 1 / (1 - beta1 ** (updates + 1)) }
        const estimated = fisher.scalars(at)
        const twice = Object.keys(own).find((name) => Object.hasOwn(estimated, name))
        if (twice !== undefined)
          throw new TypeError(
            `${fisher.name}: expected scalars with names of their own, found '${twice}', which sophia has; rename it`,
          )
        return { ...own, ...estimated }
      },
      update: (x) => {
        const slots = observedSlots(fisher, x)
        const curvature = fisherDiagonal(fisher, { ...x, ...slots })
        const [mean, step] = [leafOf(x, 'm', 'sophia'), leafOf(x, 'rate', 'sophia')]
        const m = mean.add(x.update.sub(mean).mul(1 - beta1))
        const along = m
          .mul(leafOf(x, 'unbias1', 'sophia'))
          .div(curvature.mul(gamma).max(epsilon))
          .min(clipThreshold)
          .max(-clipThreshold)
        const withDecay = decay > 0 ? along.add(x.w.mul(decay)) : along
        return { ...slots, update: withDecay.mul(step.mul(-1)), m }
      },
    }),
  )
}

/** The optimizers of `sophia` with the empirical Fisher, by their numbers. */
export const sophiaFamily = defineFamily({
  name: 'sophia',
  numbers: {
    gamma: { default: 0.01, above: 0 },
    beta1: { default: 0.965, min: 0, below: 1 },
    clipThreshold: { default: 1, above: 0 },
    epsilon: { default: 1e-8, above: 0 },
    weightDecay: { default: 1e-4, min: 0 },
  },
  make: (numbers, { learningRate }: OptimizerContext) => sophia({ learningRate, ...numbers }),
})
