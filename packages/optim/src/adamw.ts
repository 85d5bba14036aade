// Optimizer: Adam with decoupled weight decay. Comes in: a gradient. Goes out: an update.
// Source: Kingma & Ba 2015; Loshchilov & Hutter 2019, algorithm 2.

import type { ParameterInfo, Transformation } from '@lotion/core'
import { scheduleOf, type Schedule } from './schedule.js'
import { defineTransformation } from './transformation.js'

export interface AdamwOptions {
  readonly learningRate: number | Schedule
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
  /** Decay a step relative to the learning rate. Default 0. */
  readonly weightDecay?: number
  /** Parameters that decay. Default: matrices, not norms or biases. */
  readonly decays?: (parameter: ParameterInfo) => boolean
}

/**
 * m ← β1 m + (1 − β1) g; v ← β2 v + (1 − β2) g²; update = −lr (m̂ / (√v̂ + ε) + decay · w), with bias-corrected m̂, v̂.
 * Slots `m`, `v`; the scalar `seen` = 1 − β2^step tells borrowers how much v holds so far.
 * @throws if a β is outside [0, 1).
 */
export function adamw({
  learningRate,
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
  weightDecay = 0,
  decays = ({ shape }) => shape.length >= 2,
}: AdamwOptions): Transformation {
  for (const [name, beta] of Object.entries({ beta1, beta2 })) {
    if (!(beta >= 0 && beta < 1)) throw new RangeError(`${name}: expected a number in [0, 1), found ${beta}`)
  }
  const rate = scheduleOf(learningRate)
  const variant = (decay: number): Transformation =>
    defineTransformation({
      name: 'adamw',
      slots: ['m', 'v'],
      scalarNames: ['step', 'unbias1', 'unbias2', 'seen'],
      scalars: (at) => ({
        step: -rate(at),
        unbias1: 1 / (1 - beta1 ** (at.step + 1)),
        unbias2: 1 / (1 - beta2 ** (at.step + 1)),
        seen: 1 - beta2 ** at.step,
      }),
      update: (x) => {
        const g = x.update!
        const m = x.m!.add(g.sub(x.m!).mul(1 - beta1))
        const v = x.v!.add(g.mul(g).sub(x.v!).mul(1 - beta2))
        const along = m.mul(x.unbias1!).div(v.mul(x.unbias2!).sqrt().add(epsilon))
        const withDecay = decay > 0 ? along.add(x.w!.mul(decay)) : along
        return { update: withDecay.mul(x.step!), m, v }
      },
    })
  const [plain, decaying] = [variant(0), variant(weightDecay)]
  if (weightDecay === 0) return plain
  return defineTransformation({ ...plain, resolve: (parameter) => (decays(parameter) ? decaying : plain) })
}
