// Optimizer: stochastic gradient descent. Comes in: a gradient. Goes out: an update.
// Source: Sutskever et al. 2013 (momentum, Nesterov's form as in optax and PyTorch).

import { defineFamily, type Transformation } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import type { OptimizerContext } from './family-contexts.js'
import { fraction, nonNegative, numberIn, positive } from './number-range.js'
import { scheduleOf, type Schedule } from './schedule.js'
import { defineTransformation } from './define-transformation.js'

/** What `sgd` takes; all but the learning rate has a default. */
export interface SgdOptions {
  /** A number above 0, or a schedule that may end at 0. */
  readonly learningRate: number | Schedule
  /** Fraction of the last velocity kept, in [0, 1). Default 0: no velocity is stored. */
  readonly momentum?: number
  /** Look ahead along the new velocity. Default false. */
  readonly nesterov?: boolean
}

/**
 * Step against the gradient: velocity ← μ velocity + g, update = −lr · velocity; with Nesterov −lr (g + μ
 * velocity). The scalar `rate` is the step size.
 * @param options Learning rate and momentum; no momentum by default.
 * @throws TypeError if an option is unknown; RangeError if one is out of its range, or Nesterov has no
 * momentum to look along.
 * @example
 * ```ts
 * import { linear, sgd } from '@lotion/optim'
 *
 * console.log(sgd({ learningRate: linear(0.1, 0), momentum: 0.9 }).slots) // velocity
 * ```
 */
export function sgd(options: SgdOptions): Transformation {
  refuseUnknownKeys('sgd', options, { learningRate: true, momentum: true, nesterov: true })
  const { learningRate, momentum = 0, nesterov = false } = options
  const rate = scheduleOf(learningRate, { option: 'learningRate', range: positive, along: nonNegative })
  numberIn(fraction, 'momentum', momentum)
  if (nesterov && momentum === 0)
    throw new RangeError(
      'nesterov: expected a momentum above 0 with it, found 0; give `momentum`, such as .9',
    )
  const base = {
    name: 'sgd',
    stepSize: 'rate',
    linear: true,
    scalars: (at: Parameters<Schedule>[0]) => ({ rate: rate(at) }),
  } as const
  if (momentum === 0)
    return defineTransformation({
      ...base,
      update: ({ update, rate: step }) => ({ update: update.mul(step.mul(-1)) }),
    })
  return defineTransformation({
    ...base,
    slots: ['velocity'],
    update: ({ update, velocity, rate: step }) => {
      const next = velocity.mul(momentum).add(update)
      const along = nesterov ? next.mul(momentum).add(update) : next
      return { update: along.mul(step.mul(-1)), velocity: next }
    },
  })
}

/** The optimizers of `sgd`, by their momentum. */
export const sgdFamily = defineFamily({
  name: 'sgd',
  numbers: { momentum: { default: 0, min: 0, below: 1 } },
  make: ({ momentum }, { learningRate }: OptimizerContext) => sgd({ learningRate, momentum }),
  examples: [{ momentum: 0.9 }],
})
