import { integers, leafOf, type Batch, type Tree } from '@lotion/core'
import { centralDifferences, llamaLoss64, type Element } from '@lotion/test-kit'
import '@lotion/tfjs/gradients'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { dropoutBatches } from './dropout-batches.js'
import { llama, type Llama } from './llama.js'

beforeAll(() => tf.setBackend('cpu'))

const tiny = llama({ vocabulary: 11, dimension: 8, layers: 2, heads: 2, hidden: 12, context: 6 })
const grouped = llama({
  vocabulary: 11,
  dimension: 16,
  layers: 1,
  heads: 4,
  kvHeads: 2,
  hidden: 12,
  context: 7,
  tied: true,
})

function batchFor(model: Llama, rows: number, length: number): Batch {
  const draws = (stream: string) => ({
    data: Int32Array.from(integers({ seed: 3, stream }, rows * length, model.config.vocabulary)),
    shape: [rows, length],
  })
  return { x: draws('x'), y: draws('y') }
}

/** Weights with gains other than 1, so that no term of a gradient is hidden. */
function stirred(model: Llama): Tree<Float32Array> {
  return Object.fromEntries(
    Object.entries(model.init(5)).map(([name, values]) => [
      name,
      name.includes('norm') ? values.map((w, i) => w + 0.3 * Math.sin(i)) : values,
    ]),
  )
}

function tensors(model: Llama, weights: Tree<Float32Array>): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(weights).map(([name, values]) => [
      name,
      tf.tensor(values, [...leafOf(model.shapes, name, 'shapes')], 'float32'),
    ]),
  )
}

function batchTensors(batch: Batch): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(batch).map(([name, { data, shape }]) => [
      name,
      tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32'),
    ]),
  )
}

function logitsOf(
  model: Llama,
  weights: Tree<Float32Array>,
  x: Int32Array,
  shape: [number, number],
): Float32Array {
  return tf.tidy(() =>
    model.logits(tensors(model, weights), { x: tf.tensor2d(x, shape, 'int32') }).dataSync<'float32'>(),
  )
}

describe('llama', () => {
  test('has the parameter count of the closed form', () => {
    const count = (V: number, d: number, L: number, kv: number, f: number, tables: number) =>
      tables * V * d + L * (2 * d + 2 * d * d + 2 * kv * d + 3 * d * f) + d
    expect(tiny.parameterCount).toBe(count(11, 8, 2, 8, 12, 2))
    expect(grouped.parameterCount).toBe(count(11, 16, 1, 8, 12, 1))
    const drawn = Object.values(tiny.init(1)).reduce((sum, values) => sum + values.length, 0)
    expect(drawn).toBe(tiny.parameterCount)
    expect(tiny.shapes['model.layers.1.mlp.down_proj.weight']).toEqual([8, 12])
    expect(tiny.shapes['lm_head.weight']).toEqual([11, 8])
    expect(grouped.shapes['lm_head.weight']).toBeUndefined()
  })

  test('refuses options that it does not know', () => {
    const options = { ...tiny.config, headDim: 128, attentionBias: true }
    expect(() => llama(options)).toThrow("llama: unknown option 'headDim'")
    expect(() => llama({ ...tiny.config, kvheads: 1 } as never)).toThrow(
      "llama: unknown option 'kvheads', did you mean 'kvHeads'?",
    )
  })

  test('refuses targets that are not laid out as the tokens are', () => {
    const turned = { x: tf.zeros([2, 3], 'int32'), y: tf.zeros([3, 2], 'int32') }
    expect(() => tf.tidy(() => tiny.loss(tensors(tiny, tiny.init(0)), turned))).toThrow(
      'y: expected the shape [2, 3], one class for each prediction, found [3, 2]',
    )
  })

  test('draws the same weights from the same seed, others from another', () => {
    const name = 'model.layers.0.self_attn.q_proj.weight'
    expect(tiny.init(4)).toEqual(tiny.init(4))
    expect(tiny.init(4)[name]).not.toEqual(tiny.init(5)[name])
    expect(tiny.init(4)['model.norm.weight']).toEqual(new Float32Array(8).fill(1))
  })

  test.each([
    ['multi-head', tiny, 0],
    ['grouped-query, tied', grouped, 0],
    ['multi-head, dropout', tiny, 0.3],
    ['grouped-query, tied, dropout', grouped, 0.3],
  ])('agrees with the f64 definition: loss and gradients (%s)', (_, model, rate) => {
    const plain = batchFor(model, 2, model.config.context)
    const batch = dropoutBatches({ model, rate, seed: 6, batches: () => plain })(0)
    const weights = stirred(model)
    const { value, gradients } = tf.tidy(() => {
      const names = Object.keys(model.shapes)
      const at = tensors(model, weights)
      const feed = batchTensors(batch)
      const { value: loss, grads } = tf.valueAndGrads((...points: tf.Tensor[]) =>
        model.loss(Object.fromEntries(names.map((name, i) => [name, points[i]!])), feed).asScalar(),
      )(names.map((name) => at[name]!))
      return {
        value: loss.dataSync()[0]!,
        gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]!.dataSync<'float32'>()])),
      }
    })
    // About 50 f32 roundings of 2^-24 of quantities of order 3 lie between weights and loss.
    expect(Math.abs(value - llamaLoss64(model.config, weights, batch))).toBeLessThan(2e-6)

    for (const [name, gradient] of Object.entries(gradients)) {
      const chosen: Element[] = [0, 1, 2, 3, 4].map((i) => ({
        name,
        index: (i * 37 + 5) % gradient.length,
      }))
      const expected = centralDifferences((w) => llamaLoss64(model.config, w, batch), weights, chosen)
      const scale = Math.hypot(...gradient) / Math.sqrt(gradient.length)
      chosen.forEach(({ index }, i) => {
        // f32 rounding through the backward pass, relative to the tensor's root mean square.
        expect(Math.abs(gradient[index]! - expected[i]!) / scale, `${name}[${index}]`).toBeLessThan(2e-5)
      })
    }
  })

  test.each([false, true])('starts at about log(vocabulary) + ½ (tied: %s)', (tied) => {
    const model = llama({ vocabulary: 256, dimension: 64, layers: 2, heads: 2, context: 16, tied })
    const batch = batchFor(model, 32, 16)
    const loss = tf.tidy(() => model.loss(tensors(model, model.init(1)), batchTensors(batch)).dataSync()[0]!)
    // Logits are N(0, 1): the mean excess over log V is half their variance, its standard error 1/√512 =
    // 0.044.
    expect(Math.abs(loss - Math.log(256) - 0.5)).toBeLessThan(0.18)
  })

  test.each([
    ['multi-head', tiny],
    ['grouped-query, tied', grouped],
  ])('never lets a later token change earlier logits (%s)', (_, model) => {
    const { context, vocabulary } = model.config
    const weights = stirred(model)
    const { data } = leafOf(batchFor(model, 1, context), 'x', 'batch')
    const x = Int32Array.from(data)
    const before = logitsOf(model, weights, x, [1, context])
    for (let t = 1; t < context; t++) {
      const changed = Int32Array.from(x)
      changed[t] = (changed[t]! + 1) % vocabulary
      const after = logitsOf(model, weights, changed, [1, context])
      expect(after.subarray(0, t * vocabulary)).toEqual(before.subarray(0, t * vocabulary))
      expect(after.subarray(t * vocabulary)).not.toEqual(before.subarray(t * vocabulary))
    }
  })

  test('counts B · T terms and takes sequences shorter than the context', () => {
    expect(tiny.terms(batchFor(tiny, 3, 5))).toBe(15)
    const weights = stirred(tiny)
    const x = Int32Array.from([1, 2, 3, 4, 5, 6])
    const long = logitsOf(tiny, weights, x, [1, 6])
    const short = logitsOf(tiny, weights, x.slice(0, 4), [1, 4])
    short.forEach((value, i) => expect(Math.abs(value - long[i]!)).toBeLessThan(1e-5))
  })

  test.each([
    [{ heads: 3 }, /dimension: expected a multiple of 2 · heads = 6.*found 8/],
    [{ kvHeads: 3 }, /kvHeads: expected a divisor of heads = 2, found 3/],
    [{ layers: 0 }, /layers: expected a whole number of at least 1, found 0/],
    [{ vocabulary: 1 }, /vocabulary: expected at least 2/],
    [{ epsilon: -1 }, /epsilon: expected a positive finite number, found -1/],
  ])('refuses %o', (wrong, message) => {
    expect(() => llama({ vocabulary: 11, dimension: 8, layers: 2, heads: 2, context: 6, ...wrong })).toThrow(
      message,
    )
  })

  test('refuses a sequence longer than the context and a missing parameter by name', () => {
    const weights = stirred(tiny)
    expect(() => logitsOf(tiny, weights, new Int32Array(7), [1, 7])).toThrow(/context = 6\], found \[1, 7\]/)
    const { 'model.norm.weight': _gone, ...rest } = weights
    expect(() => logitsOf(tiny, rest, new Int32Array(6), [1, 6])).toThrow(/'model.norm.weight' is missing/)
  })
})
