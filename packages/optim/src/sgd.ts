// Optimizer: stochastic gradient descent. Comes in: a gradient. Goes out: an update.
// Source: Sutskever et al. 2013 (momentum, Nesterov's form as in optax and PyTorch).

import type { Transformation } from '@lotion/core'
import { scheduleOf, type Schedule } from './schedule.js'
import { defineTransformation } from './transformation.js'

export interface SgdOptions {
  readonly learningRate: number | Schedule
  /** Fraction of the last velocity kept, in [0, 1). Default 0: no velocity is stored. */
  readonly momentum?: number
  readonly nesterov?: boolean
}

/** Step against the gradient: velocity ← μ velocity + g, update = −lr · velocity. */
export function sgd({ learningRate, momentum = 0, nesterov = false }: SgdOptions): Transformation {
  if (!(momentum >= 0 && momentum < 1)) throw new RangeError(`momentum: expected a number in [0, 1), found ${momentum}`)
  const rate = scheduleOf(learningRate)
  const base = { name: 'sgd', scalarNames: ['step'], scalars: (at: Parameters<Schedule>[0]) => ({ step: -rate(at) }) }
  if (momentum === 0) return defineTransformation({ ...base, update: ({ update, step }) => ({ update: update!.mul(step!) }) })
  return defineTransformation({
    ...base,
    slots: ['velocity'],
    update: ({ update, velocity, step }) => {
      const next = velocity!.mul(momentum).add(update!)
      const along = nesterov ? next.mul(momentum).add(update!) : next
      return { update: along.mul(step!), velocity: next }
    },
  })
}
