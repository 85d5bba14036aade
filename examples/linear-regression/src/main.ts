// Linear regression with 4-bit weights: trains with three methods, then casts what each of them found.
// Comes in: nothing. Goes out: losses averaged over 8 data sets, as a table and as the export `losses`.

import { castNearest, castSample, normals, perTensor } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { exact } from '@lotion/fisher'
import { int4, withBlock } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import {
  castTree,
  cosine,
  everything,
  fit,
  linear,
  lotion,
  ptq,
  qat,
  quantizedAxes,
  sgd,
} from '@lotion/optim'
import { regression } from './regression.js'

const [datasets, size, steps, casts] = [8, 64, 12000, 16]
const format = withBlock(int4, perTensor)
const executor = cpuExecutor()
const shapes = { w: [size] }
const axes = quantizedAxes(everything, shapes)
const methods = [ptq({ format }), qat({ format }), lotion({ format, fisher: exact(), lambda: linear(0, 1) })]

/** Mean losses by method: as trained, cast to nearest, and over randomized roundings. */
export const losses: Record<string, { fullPrecision: number; nearest: number; randomized: number }> = {}
for (const method of methods) {
  const mean = (losses[method.name] = { fullPrecision: 0, nearest: 0, randomized: 0 })
  for (let seed = 0; seed < datasets; seed++) {
    const { loss, gradientStep } = regression(seed, size)
    const params = { w: normals({ seed, stream: 'start' }, size).map((z) => 0.1 * z) }
    await fit({
      params,
      shapes,
      gradientStep,
      batches: () => ({}),
      method,
      quantize: everything,
      optimizer: sgd({ learningRate: cosine(1) }),
      steps,
      seed,
      executor,
    })
    const tree = { executor, format, params, shapes, axes, seed }
    const draw = castSample(format, randomizedRounding)
    mean.fullPrecision += loss(params) / datasets
    mean.nearest += loss(castTree({ ...tree, cast: castNearest(format) })) / datasets
    for (let step = 0; step < casts; step++)
      mean.randomized += loss(castTree({ ...tree, cast: draw, step })) / casts / datasets
  }
}
console.table(losses)
