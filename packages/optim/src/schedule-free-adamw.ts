// Optimizer: AdamW whose weights are an average, so that the rate need not fall. Comes in: a gradient. Goes
// out: an update.
// Source: Defazio et al. 2024 (arXiv 2405.15682); optax.contrib.schedule_free_adamw, optax 0.2.8.

import { defineFamily, type ParameterInfo, type StepInfo, type Transformation } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { adamNumbers } from './adam-formula.js'
import { defineTransformation } from './define-transformation.js'
import type { OptimizerContext } from './family-contexts.js'
import { fraction, nonNegative, numberIn, positive, type NumberRange } from './number-range.js'
import { averageOf } from './schedule-free-weights.js'
import { scheduleOf, type Schedule } from './schedule.js'
import { refuseChanged } from './passes-on.js'
import { withDecay } from './weight-decay.js'

/** What `scheduleFreeAdamw` takes; all but the learning rate has a default. */
export interface ScheduleFreeAdamwOptions {
  /** A number above 0, or a schedule: of a warm-up, not of a fall. */
  readonly learningRate: number | Schedule
  /** Share of the average in the point of the gradient, in (0, 1). Default .9. */
  readonly beta1?: number
  /** Memory of the mean square, in [0, 1). Default .999. */
  readonly beta2?: number
  /** Added to √v̂; above 0 in single precision. Default 1e-8. */
  readonly epsilon?: number
  /** Decay a step relative to the learning rate. Default 0. */
  readonly weightDecay?: number
  /** Parameters that decay. Default: matrices, not norms or biases. */
  readonly decays?: (parameter: ParameterInfo) => boolean
  /** Steps weigh in the average as this power of the largest rate so far, at least 0. Default 2. */
  readonly weightLrPower?: number
}

const optionNames: Readonly<Record<keyof ScheduleFreeAdamwOptions, true>> = {
  learningRate: true,
  beta1: true,
  beta2: true,
  epsilon: true,
  weightDecay: true,
  decays: true,
  weightLrPower: true,
}

const inside: NumberRange = {
  wording: 'a number above 0 and below 1',
  holds: (share) => share > 0 && share < 1,
}

/**
 * z ← z − lr (g / (√v̂ + ε) + decay · y); x ← x + c (z − x); y ← β1 x + (1 − β1) z, with bias-corrected
 * v ← β2 v + (1 − β2) g². The gradient is taken at y: those are the weights in training. What it is all for
 * is the average x, and at the last step of the run the weights become it; before that, `scheduleFreeWeights`
 * reads it. c is the step's share of all weights max(lr)^power so far. Slots `z`, `v`: as much as `adamw`.
 * An average does not land on the grid, so that for a cast the usual schedules are the better choice.
 * @param options Learning rate, betas, ε and weight decay; `learningRate` alone has no default.
 * @throws TypeError if an option is unknown, RangeError if one is out of its range.
 * @example
 * ```ts
 * import { constant, scheduleFreeAdamw, warmUp } from '@lotion/optim'
 *
 * console.log(scheduleFreeAdamw({ learningRate: warmUp(0.05, constant(2.5e-3)) }).slots) // z, v
 * ```
 */
export function scheduleFreeAdamw(options: ScheduleFreeAdamwOptions): Transformation {
  refuseUnknownKeys('scheduleFreeAdamw', options, optionNames)
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, decays } = options
  const { weightLrPower = 2 } = options
  const rate = scheduleOf(learningRate, { option: 'learningRate', range: positive, along: nonNegative })
  numberIn(inside, 'beta1', beta1)
  numberIn(fraction, 'beta2', beta2)
  numberIn(positive, 'epsilon', Math.fround(epsilon), 'a smaller one vanishes in single precision')
  numberIn(nonNegative, 'weightLrPower', weightLrPower)
  const weight = sharesOf(rate, weightLrPower)
  return withDecay({ weightDecay, decays }, (decay) =>
    defineTransformation({
      name: 'schedule-free-adamw',
      slots: ['z', 'v'],
      stepSize: 'rate',
      refuseBehind: (behind, parameter) => refuseChanged('schedule-free-adamw', behind, parameter),
      nonNegative: ['v'],
      scalars: (at) => {
        const { step, steps, updates = step } = at
        return {
          rate: rate(at),
          beta1,
          unbias2: 1 / (1 - beta2 ** (updates + 1)),
          seen: 1 - beta2 ** updates,
          weight: weight(at),
          isFirst: Number(updates === 0),
          isLast: Number(step === steps - 1),
        }
      },
      update: ({ w, update: g, isFirst, isLast, ...x }) => {
        const v = x.v.add(
          g
            .mul(g)
            .sub(x.v)
            .mul(1 - beta2),
        )
        const along = g.div(v.mul(x.unbias2).sqrt().add(epsilon))
        const withDecay = decay > 0 ? along.add(w.mul(decay)) : along
        // A slot starts at 0, and z at the weights.
        const before = isFirst.less(0.5, x.z, w)
        const z = before.sub(withDecay.mul(x.rate))
        const old = averageOf(w, before, x.beta1)
        const average = old.add(z.sub(old).mul(x.weight))
        const point = z.add(average.sub(z).mul(x.beta1))
        // A run that goes on after its end does so from the average.
        return {
          update: isLast.less(0.5, point, average).sub(w),
          z: isLast.less(0.5, z, average),
          v,
        }
      },
    }),
  )
}

/**
 * The share of a step in the average of a parameter: its weight among those of all steps since the first that
 * the parameter took. A function of where the run stands; what it keeps are sums that it would make again.
 */
function sharesOf(rate: Schedule, power: number): (at: StepInfo) => number {
  interface Course {
    readonly shares: number[]
    largest: number
    sum: number
  }
  const known = new Map<string, Course>()
  return ({ step, steps, updates = step }) => {
    const first = step - updates
    const key = `${first} ${steps}`
    // A skipped step makes the run one shorter, and all sums new.
    if (known.size > 8) known.clear()
    const course: Course = known.get(key) ?? { shares: [], largest: 0, sum: 0 }
    known.set(key, course)
    for (let at = course.shares.length; at <= updates; at++) {
      course.largest = Math.max(course.largest, rate({ step: first + at, steps }))
      const weight = course.largest ** power
      course.sum += weight
      course.shares.push(course.sum > 0 ? weight / course.sum : 0)
    }
    return course.shares[updates] ?? 0
  }
}

/** The optimizers of `scheduleFreeAdamw`, by their numbers. */
export const scheduleFreeAdamwFamily = defineFamily({
  name: 'schedule-free-adamw',
  untyped:
    'commands judge, keep and average the weights in training, which are not those that it is for, under a schedule that falls; a program reads these by scheduleFreeWeights',
  numbers: {
    ...adamNumbers,
    beta1: { default: 0.9, above: 0, below: 1 },
    weightDecay: { default: 0, min: 0 },
    weightLrPower: { default: 2, min: 0 },
  },
  make: (numbers, { learningRate }: OptimizerContext) => scheduleFreeAdamw({ learningRate, ...numbers }),
})
