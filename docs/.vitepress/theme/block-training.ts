// A block of weights in training: PTQ or LOTION, step by step. Comes in: a format, a method's name, λ. Goes
// out: the weights after each step. The updater is the one that trains networks.

import { castNearest, normals } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import {
  castTree,
  cosine,
  createUpdater,
  everything,
  lotion,
  ptq,
  quantizedAxes,
  sgd,
  withMethod,
} from '@lotion/optim'
import type { NumberFormat } from '@lotion/core'

/** One moment of a run. */
export interface BlockMoment {
  readonly step: number
  readonly weights: readonly number[]
  readonly cast: readonly number[]
  readonly loss: number
  readonly castLoss: number
}

const SIZE = 12
const STEPS = 400

/** Train 12 weights towards targets of their own; each has its own curvature. */
export function* blockTraining(
  format: NumberFormat,
  name: 'ptq' | 'lotion',
  lambda: number,
): Generator<BlockMoment> {
  const executor = cpuExecutor()
  const shapes = { w: [1, SIZE] }
  const targets = normals({ seed: 3, stream: 'target' }, SIZE)
  const curvature = Array.from({ length: SIZE }, (_, i) => 1 + (i % 4))
  const params = { w: normals({ seed: 4, stream: 'start' }, SIZE) }
  const method = name === 'ptq' ? ptq({ format }) : lotion({ format, lambda })
  const transformation = withMethod(method, sgd({ learningRate: cosine(0.05) }), everything)
  const updater = createUpdater({ transformation, shapes, executor })
  const state = updater.init()
  const axes = quantizedAxes(everything, shapes)
  const lossOf = (w: ArrayLike<number>): number =>
    Array.from(w).reduce((sum, x, i) => sum + (curvature[i]! / 2) * (x - targets[i]!) ** 2, 0)
  for (let step = 0; step <= STEPS; step++) {
    const { w: cast } = castTree({ executor, format, cast: castNearest(format), params, shapes, axes })
    yield {
      step,
      weights: [...params.w],
      cast: [...cast!],
      loss: lossOf(params.w),
      castLoss: lossOf(cast!),
    }
    const gradients = { w: params.w.map((x, i) => curvature[i]! * (x - targets[i]!)) }
    updater.step(params, state, { loss: lossOf(params.w), terms: 1, gradients }, { step, steps: STEPS })
  }
}
