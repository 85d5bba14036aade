// The kernel rules under tfjs's layers, which pass attributes in other forms than its operations do (null,
// one number for a pair).

import type { HostArray, Shape, Tree } from '@lotion/core'
import { floats, intList, present } from '@lotion/test-kit/kernel-cases'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareWithEager } from '../compare-with-eager.js'
import { onnxEngine, type OnnxEngine } from '../onnx-engine.js'

// Two float32 evaluations of a layer of some hundred terms (6e-8 each); recurrent layers are eight such in a
// row.
const tolerance = 5e-6

interface LayerCase {
  readonly make: () => tf.layers.Layer
  readonly x: HostArray
  /** False for what tfjs itself cannot differentiate, or differentiates wrongly. */
  readonly differentiable?: boolean
}

const image = floats([2, 7, 6, 3])
const sequence = floats([2, 9, 4])
const rows = floats([3, 5])
const sizes = { filters: 4, kernelSize: 3 } as const

const layers: Readonly<Record<string, LayerCase>> = {
  conv1d: { make: () => tf.layers.conv1d(sizes), x: sequence },
  'conv1d, causal, strided': {
    make: () => tf.layers.conv1d({ ...sizes, padding: 'same', strides: 2, activation: 'relu' }),
    x: sequence,
  },
  conv2d: { make: () => tf.layers.conv2d(sizes), x: image },
  'conv2d, strides as one number': { make: () => tf.layers.conv2d({ ...sizes, strides: 2 }), x: image },
  'conv2d, same, without bias': {
    make: () => tf.layers.conv2d({ ...sizes, padding: 'same', strides: [2, 1], useBias: false }),
    x: image,
  },
  'conv2d, fused activation': {
    make: () => tf.layers.conv2d({ ...sizes, activation: 'relu6' }),
    x: image,
  },
  'conv2d, dilated': {
    make: () => tf.layers.conv2d({ ...sizes, dilationRate: 2 }),
    x: image,
    differentiable: false,
  },
  conv2dTranspose: {
    make: () => tf.layers.conv2dTranspose({ ...sizes, strides: 2, padding: 'same' }),
    x: image,
  },
  depthwiseConv2d: { make: () => tf.layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }), x: image },
  'depthwiseConv2d, same, strided': {
    make: () => tf.layers.depthwiseConv2d({ kernelSize: [3, 3], strides: 2, padding: 'same' }),
    x: image,
  },
  separableConv2d: {
    make: () => tf.layers.separableConv2d({ ...sizes, depthMultiplier: 2, padding: 'same' }),
    x: image,
  },
  maxPooling1d: { make: () => tf.layers.maxPooling1d({ poolSize: 2 }), x: sequence },
  'maxPooling2d, overlapping': {
    make: () => tf.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
    x: image,
  },
  averagePooling1d: { make: () => tf.layers.averagePooling1d({ poolSize: 2 }), x: sequence },
  averagePooling2d: {
    make: () => tf.layers.averagePooling2d({ poolSize: [2, 3], strides: [1, 2] }),
    x: image,
  },
  globalAveragePooling1d: { make: () => tf.layers.globalAveragePooling1d({}), x: sequence },
  globalAveragePooling2d: { make: () => tf.layers.globalAveragePooling2d({}), x: image },
  globalMaxPooling2d: { make: () => tf.layers.globalMaxPooling2d({}), x: image },
  zeroPadding2d: { make: () => tf.layers.zeroPadding2d({ padding: 2 }), x: image },
  cropping2D: {
    make: () =>
      tf.layers.cropping2D({
        cropping: [
          [1, 2],
          [0, 1],
        ],
      }),
    x: image,
  },
  batchNormalization: { make: () => tf.layers.batchNormalization({}), x: image },
  'batchNormalization without scale': {
    make: () => tf.layers.batchNormalization({ scale: false, center: false }),
    x: image,
    differentiable: false,
  },
  layerNormalization: { make: () => tf.layers.layerNormalization({}), x: sequence },
  dense: { make: () => tf.layers.dense({ units: 4 }), x: rows },
  'dense, softmax': { make: () => tf.layers.dense({ units: 4, activation: 'softmax' }), x: rows },
  'dense of a sequence': { make: () => tf.layers.dense({ units: 3, activation: 'elu' }), x: sequence },
  embedding: {
    make: () => tf.layers.embedding({ inputDim: 6, outputDim: 3 }),
    x: intList([0, 3, 3, 5, 1, 0], [2, 3]),
  },
  flatten: { make: () => tf.layers.flatten(), x: image },
  permute: { make: () => tf.layers.permute({ dims: [2, 3, 1] }), x: image },
  reshape: { make: () => tf.layers.reshape({ targetShape: [6, -1] }), x: image },
  repeatVector: { make: () => tf.layers.repeatVector({ n: 3 }), x: rows },
  elu: { make: () => tf.layers.elu(), x: rows },
  leakyReLU: { make: () => tf.layers.leakyReLU(), x: rows },
  prelu: { make: () => tf.layers.prelu({}), x: rows },
  'reLU with a maximum': { make: () => tf.layers.reLU({ maxValue: 1.5 }), x: rows },
  softmax: { make: () => tf.layers.softmax(), x: rows },
  thresholdedReLU: { make: () => tf.layers.thresholdedReLU({ theta: 0.4 }), x: rows, differentiable: false },
  simpleRNN: { make: () => tf.layers.simpleRNN({ units: 3 }), x: sequence },
  gru: { make: () => tf.layers.gru({ units: 3 }), x: sequence },
  lstm: { make: () => tf.layers.lstm({ units: 3, returnSequences: true }), x: sequence },
  bidirectional: {
    make: () => tf.layers.bidirectional({ layer: tf.layers.gru({ units: 2 }), mergeMode: 'concat' }),
    x: sequence,
  },
}

let engine: OnnxEngine
beforeAll(async () => {
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
  engine = await onnxEngine({ threads: 1, verifyFirstStep: false })
})
afterAll(() => engine.close())

describe('layers of tfjs', () => {
  it.each(Object.entries(layers))('%s', async (_, { make, x, differentiable = true }) => {
    const layer = make()
    // Applied once, which builds it and what is in it.
    tf.tidy(() => {
      layer.apply(tf.zeros([...x.shape]))
    })
    const { inputs, read } = opened(layer)
    const differentiate = differentiable
      ? [...Object.keys(inputs), ...(x.data instanceof Float32Array ? ['x'] : [])]
      : []
    const { value, gradients } = await compareWithEager(engine, {
      inputs: { x, ...inputs },
      differentiate: differentiate.filter((name) => !name.includes('moving')),
      fn: (tensors) => {
        read(tensors)
        return layer.apply(present(tensors['x'])) as tf.Tensor
      },
    })
    expect(value, 'value').toBeLessThanOrEqual(tolerance)
    for (const [name, error] of Object.entries(gradients))
      expect(error, `gradient by ${name}`).toBeLessThanOrEqual(tolerance)
  })
})

/** A layer whose weights are arguments: a trace refuses variables made outside it. */
function opened(layer: tf.layers.Layer): {
  readonly inputs: Tree<HostArray>
  readonly read: (tensors: Tree<tf.Tensor>) => void
} {
  const weights = layer.weights.map((weight, i) => ({ weight, name: `${i} ${weight.originalName}` }))
  const value = (shape: Shape, name: string): HostArray =>
    /variance/.test(name) ? floats(shape, 0.5, 1.5) : floats(shape, -0.7, 0.8)
  return {
    inputs: Object.fromEntries(
      weights.map(({ weight, name }) => [
        name,
        value(
          weight.shape.map((extent) => extent ?? 1),
          name,
        ),
      ]),
    ),
    read: (tensors) => {
      for (const { weight, name } of weights) Object.assign(weight, { read: () => present(tensors[name]) })
    },
  }
}
