// Linear regression with 4-bit weights: trains the mean of ½ (xᵀw − y)² with three methods, then casts what each one found.
// In: nothing. Out: losses averaged over 8 data sets, as a table and as the export `losses`.

import { normals, perTensor, type GradientStep, type Tree } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { exact } from '@lotion/fisher'
import { castNearest, castSample, int4, withBlock } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { castTree, cosine, everything, fit, linear, lotion, ptq, qat, quantizedAxes, sgd } from '@lotion/optim'

const [datasets, size, steps, casts] = [8, 64, 12000, 16]
const format = withBlock(int4, perTensor)
const executor = cpuExecutor()
const shapes = { w: [size] }
const axes = quantizedAxes(everything, shapes)

/** Features are random mixtures of sources of falling strength, H their covariance: the loss is ½ (w − w*)ᵀ H (w − w*). */
function regression(seed: number): { loss: (params: Tree<Float32Array>) => number; gradientStep: GradientStep<Float32Array> } {
  const [mixture, truth] = [size * size, size].map((n, i) => normals({ seed, stream: `data ${i}` }, n))
  const H = new Float64Array(size * size)
  for (let k = 0; k < size; k++) {
    const strength = (k + 1) ** -1.1 / size
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) H[i * size + j]! += strength * mixture![k * size + i]! * mixture![k * size + j]!
  }
  const evaluate = ({ w }: Tree<Float32Array>): { loss: number; slope: Float32Array } => {
    const error = w!.map((value, i) => value - truth![i]!)
    const slope = new Float32Array(size)
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) slope[i]! += H[i * size + j]! * error[j]!
    return { loss: error.reduce((sum, e, i) => sum + 0.5 * e * slope[i]!, 0), slope }
  }
  const curvature = { w: Float32Array.from({ length: size }, (_, i) => H[i * size + i]!) }
  const run: GradientStep<Float32Array>['run'] = async (params) => {
    const { loss, slope } = evaluate(params)
    return { loss, terms: 1, gradients: { w: slope }, curvature }
  }
  return { loss: (params) => evaluate(params).loss, gradientStep: { name: 'regression', run, close: async () => {} } }
}

/** Mean losses by method: as trained, cast to nearest, and over randomized roundings. */
export const losses: Record<string, { fullPrecision: number; nearest: number; randomized: number }> = {}
for (const method of [ptq({ format }), qat({ format }), lotion({ format, fisher: exact(), lambda: linear(0, 1) })]) {
  const mean = (losses[method.name] = { fullPrecision: 0, nearest: 0, randomized: 0 })
  for (let seed = 0; seed < datasets; seed++) {
    const { loss, gradientStep } = regression(seed)
    const params = { w: normals({ seed, stream: 'start' }, size).map((z) => 0.1 * z) }
    const optimizer = sgd({ learningRate: cosine(1) })
    await fit({ params, shapes, gradientStep, batches: () => ({}), method, quantize: everything, optimizer, steps, seed, executor })
    const tree = { executor, format, params, shapes, axes, seed }
    const draw = castSample(format, randomizedRounding)
    mean.fullPrecision += loss(params) / datasets
    mean.nearest += loss(castTree({ ...tree, cast: castNearest(format) })) / datasets
    for (let step = 0; step < casts; step++) mean.randomized += loss(castTree({ ...tree, cast: draw, step })) / casts / datasets
  }
}
console.table(losses)
