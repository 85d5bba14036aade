// Handwritten digits in 3 bits: trains the same perceptron with PTQ, QAT and LOTION at INT3, one scale a row,
// on the onnx engine. Comes in: nothing. Goes out: validation losses and error rates averaged over the seeds,
// as a table and as the export `results`.

import { castNearest, castSample, mapTree, perRow, type Tree } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { int3, withBlock } from '@lotion/formats'
import { mlp } from '@lotion/models'
import { randomizedRounding } from '@lotion/noise'
import { onnxEngine } from '@lotion/onnx'
import {
  adamw,
  byName,
  castTree,
  clipByGlobalNorm,
  cosine,
  fit,
  lotion,
  ptq,
  qat,
  quantizedAxes,
} from '@lotion/optim'
import { trainingBatches, validationBatch } from './digits.js'

const [seeds, steps, batch, casts] = [[1, 2, 3], 1000, 64, 8]
const format = withBlock(int3, perRow)
const model = mlp({ layers: [784, 64, 64, 10] })
const rule = byName() // all three matrices, no biases
const axes = quantizedAxes(rule, model.shapes)
const executor = cpuExecutor()
const engine = await onnxEngine({ memory: executor })
const gradientStep = engine.gradients(model)
const forward = engine.forward(
  (params, inputs) => ({ loss: model.loss(params, inputs), logits: model.logits(params, inputs) }),
  'validation',
)
const validation = validationBatch()

async function evaluate(params: Tree<Float32Array>): Promise<{ loss: number; error: number }> {
  const { loss, logits } = await forward.run(params, validation)
  const labels = validation['y']!.data
  const wrong = labels.filter((digit, i) => {
    const scores = logits!.subarray(i * 10, (i + 1) * 10)
    return scores.indexOf(Math.max(...scores)) !== digit
  }).length
  return { loss: loss![0]!, error: wrong / labels.length }
}

/** Cross-entropy in nats and error rate in per cent on the validation images, by method. */
export const results: Record<
  string,
  { fullPrecision: number; nearest: number; randomized: number; errorNearest: number }
> = {}
for (const method of [ptq({ format }), qat({ format }), lotion({ format })]) {
  const mean = (results[method.name] = { fullPrecision: 0, nearest: 0, randomized: 0, errorNearest: 0 })
  for (const seed of seeds) {
    const params = engine.allocate(model.shapes)
    mapTree(model.init(seed), (values, name) => params[name]!.set(values))
    await fit({
      params,
      shapes: model.shapes,
      gradientStep,
      batches: trainingBatches(seed, batch),
      method,
      quantize: rule,
      optimizer: adamw({ learningRate: cosine(3e-3), beta2: 0.95 }),
      before: [clipByGlobalNorm(1)],
      steps,
      seed,
      executor,
      allocate: (shapes) => engine.allocate(shapes),
    })
    const tree = {
      executor,
      format,
      params,
      shapes: model.shapes,
      axes,
      into: engine.allocate(model.shapes),
      seed,
    }
    mean.fullPrecision += (await evaluate(params)).loss / seeds.length
    const nearest = await evaluate(castTree({ ...tree, cast: castNearest(format) }))
    mean.nearest += nearest.loss / seeds.length
    mean.errorNearest += (100 * nearest.error) / seeds.length
    const cast = castSample(format, randomizedRounding)
    for (let step = 0; step < casts; step++)
      mean.randomized += (await evaluate(castTree({ ...tree, cast, step }))).loss / casts / seeds.length
  }
}
await engine.close()
console.table(results)
