// Training of a few weights on a quadratic loss, step by step. Comes in: a bowl (curvature, lowest point,
// start), a format, a method's name, λ. Goes out: weights, cast and losses at each step. The updater is the one
// that trains networks.

import { castNearest, type NumberFormat } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { exact } from '@lotion/fisher'
import {
  builtInMethods,
  castTree,
  cosine,
  createUpdater,
  everything,
  linear,
  quantizedAxes,
  sgd,
  withMethod,
} from '@lotion/optim'

/** ½ (w − best)ᵀ H (w − best) + floor. */
export interface Bowl {
  readonly hessian: readonly (readonly number[])[]
  readonly best: readonly number[]
  readonly floor: number
  readonly start: readonly number[]
}

/** One moment of a run. */
export interface Moment {
  readonly step: number
  readonly weights: readonly number[]
  readonly cast: readonly number[]
  readonly loss: number
  readonly castLoss: number
}

/** How a run goes. */
export interface Training {
  readonly format: NumberFormat
  readonly method: MethodName
  /** Strength of LOTION's penalty at the end of the run; it rises from 0. */
  readonly lambda: number
}

/** The methods that the figures compare. */
export const methodNames = ['ptq', 'qat', 'lotion'] as const
export type MethodName = (typeof methodNames)[number]

/** Steps of a run. */
export const STEPS = 800

/** H (w − best). */
function slopeOf({ hessian, best }: Bowl, w: ArrayLike<number>): number[] {
  return hessian.map((row) => row.reduce((sum, h, j) => sum + h * (w[j]! - best[j]!), 0))
}

/** The loss of a bowl at weights. */
export function lossOf(bowl: Bowl, w: ArrayLike<number>): number {
  return slopeOf(bowl, w).reduce((sum, slope, i) => sum + (slope / 2) * (w[i]! - bowl.best[i]!), bowl.floor)
}

/**
 * Train the weights of a bowl: the gradient has no noise, so that the curvature is delivered as it is
 * (`exact`), as the synthetic tasks of @lotion/bench do.
 */
export function* bowlTraining(bowl: Bowl, { format, method: name, lambda }: Training): Generator<Moment> {
  const executor = cpuExecutor({ threads: 1 })
  const shapes = { w: [1, bowl.best.length] }
  const params = { w: Float32Array.from(bowl.start) }
  const method = builtInMethods
    .find((family) => family.name === name)!
    .make(name === 'lotion' ? { lambda } : {}, {
      format,
      fisher: exact(),
      along: (strength) => linear(0, strength),
    })
  const trace = bowl.hessian.reduce((sum, row, i) => sum + row[i]!, 0)
  const optimizer = sgd({ learningRate: cosine(1 / trace) })
  const transformation = withMethod(method, optimizer, everything)
  const updater = createUpdater({ transformation, shapes, executor })
  const state = updater.init()
  const axes = quantizedAxes(everything, shapes)
  const nearest = castNearest(format)
  const curvature = { w: Float32Array.from(bowl.hessian, (row, i) => row[i]!) }
  for (let step = 0; step <= STEPS; step++) {
    const { w: cast } = castTree({ executor, format, cast: nearest, params, shapes, axes })
    const loss = lossOf(bowl, params.w)
    yield { step, weights: [...params.w], cast: [...cast!], loss, castLoss: lossOf(bowl, cast!) }
    if (step === STEPS) return
    const { w } = updater.point ? updater.point.at(params, { seed: 0, step }) : params
    const result = {
      loss,
      terms: 1,
      gradients: { w: Float32Array.from(slopeOf(bowl, w)) },
      signals: { curvature },
    }
    updater.step(params, state, result, {
      step,
      steps: STEPS,
      ...(updater.point ? { atPoint: true as const } : {}),
    })
  }
}

/** The last moment of a run. */
export function trained(bowl: Bowl, training: Training): Moment {
  let last: Moment | undefined
  for (const moment of bowlTraining(bowl, training)) last = moment
  return last!
}
