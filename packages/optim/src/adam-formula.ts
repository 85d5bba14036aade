// The formula of Adam. Comes in: its numbers. Goes out: a transformation; `adam` and `adamw` are made of it.
// Source: Kingma & Ba 2015, algorithm 1; Loshchilov & Hutter 2019, algorithm 2.

import type { Transformation } from '@lotion/core'
import { fraction, nonNegative, numberIn, positive } from './number-range.js'
import { scheduleOf, type Schedule } from './schedule.js'
import { defineTransformation } from './define-transformation.js'

/** What `adam` takes; all but the learning rate has a default. */
export interface AdamOptions {
  /** A number above 0, or a schedule that may end at 0. */
  readonly learningRate: number | Schedule
  /** Memory of the mean gradient, in [0, 1). Default .9. */
  readonly beta1?: number
  /** Memory of the mean square, in [0, 1). Default .999. */
  readonly beta2?: number
  /** Added to √v̂; above 0 in single precision. Default 1e-8. */
  readonly epsilon?: number
}

/** The numbers that a family of Adam has. */
export const adamNumbers = {
  beta1: { default: 0.9, min: 0, below: 1 },
  beta2: { default: 0.999, min: 0, below: 1 },
  epsilon: { default: 1e-8, above: 0 },
} as const

/**
 * Make the transformation for each strength of decay.
 * @throws RangeError if a number is out of its range.
 */
export function adamFormula(name: string, options: AdamOptions): (decay: number) => Transformation {
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options
  const rate = scheduleOf(learningRate, { option: 'learningRate', range: positive, along: nonNegative })
  numberIn(fraction, 'beta1', beta1)
  numberIn(fraction, 'beta2', beta2)
  // In single precision a smaller number is 0, and 0 / 0 would reach every weight that has had no gradient
  // yet.
  numberIn(positive, 'epsilon', Math.fround(epsilon), 'a smaller one vanishes in single precision')
  return (decay) =>
    defineTransformation({
      name,
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
}
