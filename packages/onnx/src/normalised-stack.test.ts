// Gradients through batch normalisation in training mode, against f64 central differences of an independent
// loss. Sums over positions decide their accuracy: each gradient is the small rest of large terms that the
// normalisation subtracts.

import { normals, type Program, sizeOf, type Tree } from '@lotion/core'
import { centralDifferences } from '@lotion/test-kit'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { onnxEngine, type OnnxEngine } from './onnx-engine.js'
import { relativeError } from './relative-error.js'

const images = 64
const [side, half] = [10, 5]
const seed = 3
const epsilon = 1e-3

const shapes = {
  w0: [3, 3, 3, 8],
  g0: [8],
  b0: [8],
  w1: [1, 1, 8, 16],
  g1: [16],
  b1: [16],
  w2: [1, 1, 16, 12],
  g2: [12],
  b2: [12],
  w3: [12, 5],
  b3: [5],
} as const
type Name = keyof typeof shapes
type Get<A> = (name: Name) => A

// What PyTorch 2.15 in f32 is off by, on this network and these weights and images: the largest of 4 seeds,
// of the tensor's size or of a tenth of the whole gradient's, whichever is larger (docs/results/engine.md).
// Three times that is the bound.
const errorOfPyTorch: Readonly<Partial<Record<Name, number>>> = {
  g0: 2.5e-6,
  b0: 1.6e-6,
  g1: 6.4e-6,
  b1: 3.3e-6,
  g2: 1.1e-5,
  b2: 2.5e-6,
  w3: 3.2e-6,
  b3: 2.6e-6,
}

const normalised = (x: tf.Tensor4D, gain: tf.Tensor, offset: tf.Tensor): tf.Tensor4D => {
  const { mean, variance } = tf.moments(x, [0, 1, 2])
  return tf.batchNorm(
    x,
    mean as tf.Tensor1D,
    variance as tf.Tensor1D,
    offset as tf.Tensor1D,
    gain as tf.Tensor1D,
    epsilon,
  )
}

/**
 * Convolution, normalisation, relu6 twice and once without relu6; the mean of the image; a dense layer;
 * cross-entropy.
 */
const stack: Program<tf.Tensor> = {
  name: 'stack',
  shapes,
  loss: (params, { x, y }) => {
    const get: Get<tf.Tensor> = (name) => present(params[name])
    const filter: Get<tf.Tensor4D> = (name) => get(name) as tf.Tensor4D
    let h = tf.conv2d(present(x) as tf.Tensor4D, filter('w0'), 2, 'same')
    h = tf.relu6(normalised(h, get('g0'), get('b0')))
    h = tf.relu6(normalised(tf.conv2d(h, filter('w1'), 1, 'same'), get('g1'), get('b1')))
    h = normalised(tf.conv2d(h, filter('w2'), 1, 'same'), get('g2'), get('b2'))
    const logits = tf.add(tf.matMul(tf.mean<tf.Tensor2D>(h, [1, 2]), get('w3') as tf.Tensor2D), get('b3'))
    return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), tf.oneHot(present(y) as tf.Tensor1D, 5)), -1)))
  },
  terms: () => images,
}

const pixels = normals({ seed, stream: 'x' }, images * side * side * 3)
const labels = Int32Array.from({ length: images }, (_, i) => (i * 7 + seed) % 5)
const weights: Tree<Float32Array> = Object.fromEntries(
  Object.entries(shapes).map(([name, shape]) => {
    const drawn = normals({ seed, stream: name }, sizeOf(shape))
    if (name.startsWith('g')) return [name, drawn.map((value) => 1 + 0.2 * value)]
    return [name, drawn.map((value) => (name.startsWith('b') ? 0.2 : 0.3) * value)]
  }),
)

/** The first filter is not moved. */
const first = convolved(weights['w0']!)

let engine: OnnxEngine
beforeAll(async () => {
  engine = await onnxEngine({ threads: 1, verifyFirstStep: false })
})
afterAll(() => engine.close())

it('is within three times the error of PyTorch', async () => {
  const { loss, gradients } = await engine.gradients(stack).run(weights, {
    x: { data: pixels, shape: [images, side, side, 3] },
    y: { data: labels, shape: [images] },
  })
  const expectedLoss = loss64(weights)
  // One rounding of f32 is 6e-8; the loss is a mean of 64 logarithms.
  expect(Math.abs(loss - expectedLoss) / expectedLoss).toBeLessThan(3e-7)
  const all = Object.values(gradients)
  const size = Math.hypot(...all.map((values) => Math.hypot(...values)))
  const rms = size / Math.sqrt(all.reduce((sum, { length }) => sum + length, 0))
  for (const [name, error] of Object.entries(errorOfPyTorch)) {
    const found = present(gradients[name])
    const elements = Array.from(found, (_, index) => ({ name, index }))
    // A small step: beyond it a position may cross a kink of relu6.
    const expected = Float32Array.from(centralDifferences(loss64, weights, elements, 1e-6))
    const floor = 0.1 * rms * Math.sqrt(found.length)
    expect(relativeError(found, expected, floor), name).toBeLessThan(3 * error)
  }
})

/** The same loss in f64, position by position. */
function loss64(params: Tree<ArrayLike<number>>): number {
  const get: Get<ArrayLike<number>> = (name) => present(params[name])
  let h = first
  h = normalised64(h, get('g0'), get('b0')).map(relu6)
  h = normalised64(mixed(h, 8, get('w1'), 16), get('g1'), get('b1')).map(relu6)
  h = normalised64(mixed(h, 16, get('w2'), 12), get('g2'), get('b2'))
  let loss = 0
  for (let image = 0; image < images; image++) {
    const logits = Array.from({ length: 5 }, (_, k) => present(get('b3')[k]))
    for (let c = 0; c < 12; c++) {
      let mean = 0
      for (let p = 0; p < half * half; p++) mean += present(h[(image * half * half + p) * 12 + c])
      for (let k = 0; k < 5; k++) logits[k]! += (mean / (half * half)) * present(get('w3')[c * 5 + k])
    }
    const total = logits.reduce((sum, value) => sum + Math.exp(value), 0)
    loss += Math.log(total) - present(logits[labels[image] ?? 0])
  }
  return loss / images
}

const relu6 = (value: number): number => Math.min(6, Math.max(0, value))

// 3 × 3, stride 2, one row and column of padding at the end.
function convolved(filter: ArrayLike<number>): Float64Array {
  const out = new Float64Array(images * half * half * 8)
  for (let at = 0; at < images * half * half; at++) {
    const [image, row, column] = [Math.floor(at / 25), Math.floor((at % 25) / half), at % half]
    for (let tap = 0; tap < 9; tap++) {
      const [y, x] = [2 * row + Math.floor(tap / 3), 2 * column + (tap % 3)]
      if (y >= side || x >= side) continue
      for (let c = 0; c < 3; c++) {
        const pixel = present(pixels[((image * side + y) * side + x) * 3 + c])
        for (let k = 0; k < 8; k++) out[at * 8 + k]! += pixel * present(filter[(tap * 3 + c) * 8 + k])
      }
    }
  }
  return out
}

function mixed(x: Float64Array, from: number, filter: ArrayLike<number>, to: number): Float64Array {
  const out = new Float64Array((x.length / from) * to)
  for (let at = 0; at < x.length / from; at++)
    for (let c = 0; c < from; c++)
      for (let k = 0; k < to; k++) out[at * to + k]! += x[at * from + c]! * present(filter[c * to + k])
  return out
}

function normalised64(x: Float64Array, gain: ArrayLike<number>, offset: ArrayLike<number>): Float64Array {
  const channels = gain.length
  const count = x.length / channels
  const out = new Float64Array(x.length)
  for (let c = 0; c < channels; c++) {
    let mean = 0
    for (let i = c; i < x.length; i += channels) mean += x[i]! / count
    let variance = 0
    for (let i = c; i < x.length; i += channels) variance += (x[i]! - mean) ** 2 / count
    const slope = present(gain[c]) / Math.sqrt(variance + epsilon)
    for (let i = c; i < x.length; i += channels) out[i] = (x[i]! - mean) * slope + present(offset[c])
  }
  return out
}

function present<A>(value: A | undefined): A {
  if (value === undefined) throw new Error('an array of the test is too short')
  return value
}
