// A training. Comes in: a method and how many steps. Goes out: the loss on points that were not trained on,
// of the weights as they are and after their cast, and the cast weights.
import { castNearest, perRow, type Tree } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { int3, withBlock } from '@lotion/formats'
import { mlp } from '@lotion/models'
import { adamw, byName, castTree, cosine, fit, quantizedAxes, type Method } from '@lotion/optim'
import { eagerEngine } from '@lotion/tfjs'
import '@tensorflow/tfjs-backend-cpu'
import { setBackend } from '@tensorflow/tfjs-core'
import { moons } from './points.js'

export const model = mlp({ layers: [2, 16, 16, 2] })
/** Weights of 3 bits, one scale a row of a matrix. */
export const format = withBlock(int3, perRow)

/** What a training leaves behind. */
export interface Trained {
  readonly fullPrecision: number
  readonly cast: number
  readonly weights: Tree<Float32Array>
}

/** Train the model with a method; the same seed gives the same numbers. */
export async function trainedBy(method: Method, steps: number, seed = 0): Promise<Trained> {
  await setBackend('cpu')
  const executor = cpuExecutor()
  const gradientStep = eagerEngine().gradients(model)
  const { shapes } = model
  const params = Object.fromEntries(
    Object.entries(model.init(seed)).map(([name, values]) => [name, executor.upload(values, shapes[name])]),
  )
  await fit({
    params,
    shapes,
    gradientStep,
    batches: (step) => ({ ...moons(64, step + 1) }),
    method,
    quantize: byName(),
    optimizer: adamw({ learningRate: cosine(0.02) }),
    steps,
    seed,
    executor,
  })
  const axes = quantizedAxes(byName(), shapes)
  const cast = castTree({ executor, format, cast: castNearest(format), params, shapes, axes })
  const unseen = { ...moons(512, 0) }
  const weights = { ...params, ...cast }
  const losses = [await gradientStep.run(params, unseen), await gradientStep.run(weights, unseen)]
  return { fullPrecision: losses[0].loss, cast: losses[1].loss, weights }
}
