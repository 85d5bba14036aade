// LOTION in a training loop of your own: your model, your gradients, your data; only the update comes from
// the packages. Fits y = sin(2x) with one hidden layer of 16 tanh units, both matrices in INT4.
// Comes in: nothing. Goes out: losses of 5 seeds, as a table and as the export `losses`.

import { blockOf, castNearest, normals, uniforms } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { int4, withBlock } from '@lotion/formats'
import {
  adamw,
  byName,
  castTree,
  cosine,
  createUpdater,
  lotion,
  ptq,
  quantizedAxes,
  withMethod,
  type Method,
} from '@lotion/optim'

const [hidden, examples, steps] = [16, 64, 3000]
const shapes = { 'in.weight': [1, hidden], 'in.bias': [hidden], 'out.weight': [1, hidden] }
const start = (seed: number) => ({
  'in.weight': normals({ seed, stream: 'in' }, hidden),
  'in.bias': normals({ seed, stream: 'bias' }, hidden),
  'out.weight': normals({ seed, stream: 'out' }, hidden).map((z) => z / 4),
})
type Params = ReturnType<typeof start>

/** Mean of ½ (f(x) − sin 2x)² over a batch, and its gradient by hand. */
function evaluate(p: Params, xs: Float32Array): { loss: number; gradients: Params } {
  const gradients = {
    'in.weight': new Float32Array(hidden),
    'in.bias': new Float32Array(hidden),
    'out.weight': new Float32Array(hidden),
  }
  let loss = 0
  for (const x of xs) {
    const h = p['in.weight'].map((w, j) => Math.tanh(w * x + p['in.bias'][j]!))
    const error = h.reduce((sum, value, j) => sum + value * p['out.weight'][j]!, 0) - Math.sin(2 * x)
    loss += (error * error) / 2 / xs.length
    for (let j = 0; j < hidden; j++) {
      const back = (error * p['out.weight'][j]! * (1 - h[j]! ** 2)) / xs.length
      gradients['out.weight'][j]! += (error * h[j]!) / xs.length
      gradients['in.bias'][j]! += back
      gradients['in.weight'][j]! += back * x
    }
  }
  return { loss, gradients }
}
const batch = (seed: number, step: number): Float32Array =>
  uniforms({ seed, stream: 'x', step }, examples).map((u) => 4 * u - 2)

// 1. Choose what is quantized and how.
const format = withBlock(int4, blockOf(16))
const rule = byName() // matrices, not biases
const axes = quantizedAxes(rule, shapes)
const executor = cpuExecutor()

function train(method: Method, seed: number): { fullPrecision: number; int4: number } {
  // 2. Compile the update once for your parameters.
  const transformation = withMethod(method, adamw({ learningRate: cosine(0.02) }), rule)
  const updater = createUpdater({ transformation, shapes, executor })
  const params = start(seed)
  const state = updater.init()

  // 3. In your loop, hand it the gradients; parameters and state change in place.
  //    A method with a point (QAT, RAT, CAGE) takes gradients at `updater.point.at(params, { seed, step })`.
  for (let step = 0; step < steps; step++) {
    const { loss, gradients } = evaluate(params, batch(seed, step))
    updater.step(params, state, { loss, terms: examples, gradients }, { step, steps })
  }

  // 4. Cast, and see what 4 bits cost.
  const cast = {
    ...params,
    ...castTree({ executor, format, cast: castNearest(format), params, shapes, axes }),
  }
  const test = Float32Array.from({ length: 401 }, (_, i) => i / 100 - 2)
  return { fullPrecision: evaluate(params, test).loss, int4: evaluate(cast, test).loss }
}

/** Losses of the INT4 weights by seed. */
export const losses = [1, 2, 3, 4, 5].map((seed) => {
  const [plain, smoothed] = [ptq({ format }), lotion({ format })].map((method) => train(method, seed))
  return {
    'full precision': plain!.fullPrecision,
    'PTQ in INT4': plain!.int4,
    'LOTION in INT4': smoothed!.int4,
  }
})
console.table(losses)
const ahead = losses.filter((row) => row['LOTION in INT4'] < row['PTQ in INT4']).length
console.log(`LOTION is ahead of PTQ on ${ahead} of ${losses.length} seeds`)
