// The gradient of a convolution on the WebAssembly backend against tfjs's own on its cpu backend, over a
// grid of attributes; a network of tf.layers trains on it.

import { uniforms } from '@lotion/core'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registerWasmKernels, type WasmKernels } from './register-wasm-kernels.js'

let kernels: WasmKernels
beforeAll(async () => {
  tf.env().set('PROD', true)
  await tf.setBackend('wasm')
  kernels = registerWasmKernels()
})
afterAll(() => kernels.restore())

const floats = (stream: string, shape: readonly number[]): tf.Tensor4D => {
  const count = shape.reduce((a, b) => a * b, 1)
  return tf.tensor4d(
    uniforms({ seed: 5, stream }, count).map((u) => u - 0.5),
    shape as [number, number, number, number],
  )
}

type Pad = Parameters<typeof tf.conv2d>[3]

type Slope = [shapes: readonly (readonly number[])[], strides: number | [number, number], pad: Pad]

/** The slope by the filter, each output weighted differently. */
async function slope(backend: string, ...[shapes, strides, pad]: Slope): Promise<readonly number[]> {
  await tf.setBackend(backend)
  const before = tf.memory()
  const found = tf.tidy(() => {
    const [x, filter] = shapes.map((shape, i) => floats(`${i}`, shape)) as [tf.Tensor4D, tf.Tensor4D]
    const loss = (one: tf.Tensor): tf.Scalar => {
      const out = tf.conv2d(x, one as tf.Tensor4D, strides, pad)
      return tf.sum(tf.mul(out, floats('dy', out.shape)))
    }
    return tf.grad(loss)(filter)
  })
  expect(found.shape).toEqual(shapes[1])
  const values = [...found.dataSync()]
  found.dispose()
  expect(tf.memory().numTensors).toBe(before.numTensors)
  expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers)
  return values
}

async function expectAgreement(...[shapes, strides, pad]: Slope): Promise<void> {
  const cpu = await slope('cpu', shapes, strides, pad)
  const wasm = await slope('wasm', shapes, strides, pad)
  expect(cpu.some((value) => value !== 0)).toBe(true)
  // A few hundred terms of size 1/4, in either order.
  expect(Math.max(...cpu.map((value, i) => Math.abs(value - wasm[i]!)))).toBeLessThan(1e-5)
}

describe.each([
  [
    [2, 7, 8, 3],
    [3, 3, 3, 4],
  ],
  [
    [1, 5, 5, 1],
    [5, 5, 1, 2],
  ],
  [
    [3, 6, 4, 2],
    [1, 2, 2, 5],
  ],
  [
    [2, 4, 9, 1],
    [4, 3, 1, 1],
  ],
])('images %j, filter %j', (image, filter) => {
  it.each<[number | [number, number], Pad]>([
    [1, 'same'],
    [2, 'same'],
    [1, 'valid'],
    [[2, 3], 'valid'],
    [3, 'same'],
    [
      2,
      [
        [0, 0],
        [1, 0],
        [0, 2],
        [0, 0],
      ],
    ],
  ])('strides %j, padding %j', async (strides, pad) => {
    await expectAgreement([image, filter], strides, pad)
  })
})

// tfjs 4.22 takes the height of a filter for its width too where the padding is a number.
it('a square filter, padded by a number', async () => {
  await expectAgreement(
    [
      [2, 4, 9, 1],
      [3, 3, 1, 2],
    ],
    1,
    2,
  )
})

it('a network of conv1d and conv2d takes the steps that it takes on cpu', async () => {
  const { layers, train } = tf
  const trained = async (backend: string): Promise<readonly number[]> => {
    await tf.setBackend(backend)
    const kernelInitializer = (seed: number) => ({
      kernelInitializer: tf.initializers.glorotUniform({ seed }),
    })
    const model = tf.sequential({
      layers: [
        layers.conv2d({ filters: 3, kernelSize: 3, inputShape: [6, 6, 1], ...kernelInitializer(1) }),
        layers.reshape({ targetShape: [8, 6] }),
        layers.conv1d({ filters: 2, kernelSize: 3, padding: 'same', ...kernelInitializer(2) }),
        layers.flatten(),
        layers.dense({ units: 1, ...kernelInitializer(3) }),
      ],
    })
    model.compile({ optimizer: train.sgd(0.01), loss: 'meanSquaredError' })
    const [x, y] = [floats('x', [8, 6, 6, 1]), tf.ones([8, 1])]
    for (let step = 0; step < 3; step++) await model.trainOnBatch(x, y)
    return model.weights.flatMap((weight) => [...weight.read().dataSync()])
  }
  const [cpu, wasm] = [await trained('cpu'), await trained('wasm')]
  expect(Math.max(...cpu.map((value, i) => Math.abs(value - wasm[i]!)))).toBeLessThan(1e-5)
})
