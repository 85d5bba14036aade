// Our kernels on the WebAssembly backend against tfjs's own on its cpu backend: values and gradients, and
// nothing leaked.

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

const values = (stream: string, shape: readonly number[]): number[] =>
  [
    ...uniforms(
      { seed: 3, stream },
      shape.reduce((a, b) => a * b, 1),
    ),
  ].map((u) => u - 0.5)

const floats = (stream: string, shape: readonly number[]): tf.Tensor =>
  tf.tensor(values(stream, shape), [...shape])

/**
 * Results of a function of tensors on a backend, as shapes and numbers; checks that it leaves no tensor
 * behind.
 */
async function on(backend: string, run: () => tf.Tensor[]): Promise<{ shape: number[]; data: number[] }[]> {
  await tf.setBackend(backend)
  const before = tf.memory().numTensors
  const found = tf.tidy(run)
  const results = found.map((tensor) => ({ shape: tensor.shape, data: [...tensor.dataSync()] }))
  tf.dispose(found)
  expect(tf.memory().numTensors).toBe(before)
  return results
}

/**
 * The two backends compute the same: moved numbers exactly, sums to the rounding of `terms` f32 terms of
 * size ≤ `size` in either order.
 */
async function expectAgreement(run: () => tf.Tensor[], terms = 0, size = 1): Promise<void> {
  const [expected, found] = [await on('cpu', run), await on('wasm', run)]
  expect(found.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape))
  found.forEach(({ data }, i) => {
    const worst = Math.max(0, ...data.map((x, j) => Math.abs(x - expected[i]!.data[j]!)))
    expect(worst).toBeLessThanOrEqual(terms * terms * size * 2 ** -24)
  })
}

/** A function's value and its gradients, each output weighted differently. */
const withGradients = (fn: (...inputs: tf.Tensor[]) => tf.Tensor, ...inputs: tf.Tensor[]): tf.Tensor[] => {
  const value = fn(...inputs)
  const { grads } = tf
    .engine()
    .gradients(() => tf.sum(tf.mul(fn(...inputs), floats('dy', value.shape))), inputs, undefined, true)
  return [value, ...grads]
}

it('reports what it replaced, once', () => {
  expect(kernels.replaced).toContain('BatchMatMul')
  expect(kernels.added).toEqual(['UnsortedSegmentSum', 'Conv2DBackpropFilter'])
  expect(registerWasmKernels()).toBe(kernels)
})

describe.each([
  [false, false],
  [false, true],
  [true, false],
  [true, true],
])('matMul, transposed: %s, %s', (transposeA, transposeB) => {
  const swapped = (shape: readonly number[], swap: boolean): number[] =>
    swap ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : [...shape]
  it.each([
    [
      [1, 1],
      [1, 1],
    ],
    [
      [3, 5],
      [5, 33],
    ],
    [
      [33, 3],
      [3, 1],
    ],
    [
      [5, 33],
      [33, 8],
    ],
    [
      [17, 270],
      [270, 12],
    ],
    [
      [0, 4],
      [4, 3],
    ],
    [
      [2, 0],
      [0, 3],
    ],
    [
      [4, 6, 7],
      [4, 7, 9],
    ],
    [
      [2, 3, 8, 5],
      [2, 3, 5, 16],
    ],
  ])('%j · %j', async (a, b) => {
    await expectAgreement(
      () =>
        withGradients(
          (x, y) => tf.matMul(x, y, transposeA, transposeB),
          floats('a', swapped(a, transposeA)),
          floats('b', swapped(b, transposeB)),
        ),
      Math.max(...a, ...b) * 3,
      1 / 4,
    )
  })

  // tfjs has no gradient of products that are broadcast, and its cpu backend no product that is broadcast on
  // both sides.
  it.each([
    [
      [3, 6, 7],
      [1, 7, 9],
      [1, 1, 1],
      [3, 1, 1],
    ],
    [
      [2, 1, 4, 3],
      [1, 3, 3, 5],
      [1, 3, 1, 1],
      [2, 1, 1, 1],
    ],
  ])('%j · %j, broadcast', async (a, b, timesA, timesB) => {
    const [broadcast, tiled] = await on('wasm', () => {
      const [x, y] = [floats('a', swapped(a, transposeA)), floats('b', swapped(b, transposeB))]
      return [
        tf.matMul(x, y, transposeA, transposeB),
        tf.matMul(tf.tile(x, timesA), tf.tile(y, timesB), transposeA, transposeB),
      ]
    })
    expect(broadcast).toEqual(tiled)
  })
})

it.each(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const)(
  'fuses a bias and %s',
  async (activation) => {
    await expectAgreement(() => {
      const [a, b, bias] = [floats('a', [6, 9]), floats('b', [9, 5]), floats('bias', [5])]
      const slopes = activation === 'prelu' ? { preluActivationWeights: floats('alpha', [1]) } : {}
      const settings = { activation, leakyreluAlpha: 0.1, ...slopes }
      return [
        tf.fused.matMul({ a, b, bias, ...settings }),
        tf.fused.matMul({ a: b, b: a, transposeA: true, transposeB: true, ...settings }),
      ]
    }, 40)
  },
)

it('differentiates a fused product', async () => {
  await expectAgreement(
    () =>
      withGradients(
        (a, b, bias) => tf.fused.matMul({ a: a, b: b, bias: bias, activation: 'relu' }),
        floats('a', [7, 9]),
        floats('b', [9, 5]),
        floats('bias', [5]),
      ),
    40,
  )
})

it('moves numbers: clone, concat, split, gather', async () => {
  await expectAgreement(() => [tf.clone(floats('a', [3, 4])), tf.clone(tf.tensor1d([true, false], 'bool'))])
  for (const axis of [0, 1, 2, -1]) {
    await expectAgreement(() => {
      const shape = (extent: number): number[] =>
        [3, 5, 70].map((n, i) => (i === (axis + 3) % 3 ? extent : n))
      const parts = [floats('a', shape(2)), floats('b', shape(0)), floats('c', shape(66))]
      return [
        tf.concat(parts, axis),
        ...tf.split(parts[2]!, 3, axis),
        ...tf.split(parts[2]!, [1, 0, 65], axis),
      ]
    })
  }
  await expectAgreement(() => [tf.concat([tf.tensor1d([1, -2], 'int32'), tf.tensor1d([7], 'int32')])])
  await expectAgreement(() => [tf.concat([tf.tensor1d([1.5, -2]), tf.tensor1d([7], 'int32')])])
  await expectAgreement(() => [tf.concat([tf.tensor1d([true], 'bool'), tf.tensor1d([false, true], 'bool')])])
  const ids = (): tf.Tensor => tf.tensor([4, 0, 0, 2, 4, 1], [2, 3], 'int32')
  await expectAgreement(() => [
    tf.gather(floats('a', [5, 3, 2]), ids()),
    tf.gather(floats('a', [2, 5, 3]), ids(), 1),
  ])
})

it('differentiates moves', async () => {
  await expectAgreement(() =>
    withGradients((x, y) => tf.concat([x, y], -1), floats('a', [3, 2]), floats('b', [3, 5])),
  )
  await expectAgreement(
    () => withGradients((x) => tf.mul(...(tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor])), floats('a', [3, 6])),
    4,
  )
  // Rows that are looked up several times add up.
  await expectAgreement(
    () =>
      withGradients(
        (x) => tf.gather(x, tf.tensor([4, 0, 0, 2, 4, 1], [2, 3], 'int32')),
        floats('a', [5, 33]),
      ),
    4,
  )
})

it('sums segments and leaves ids out of range out', async () => {
  await expectAgreement(
    () => [
      tf.unsortedSegmentSum(floats('a', [6, 3, 2]), tf.tensor1d([1, -1, 1, 0, 9, 3], 'int32'), 5),
      tf.unsortedSegmentSum(floats('a', [2, 0]), tf.tensor1d([1, 0], 'int32'), 3),
    ],
    6,
  )
})

it('makes one-hot rows of floats and of integers', async () => {
  const ids = (): tf.Tensor => tf.tensor1d([2, 0, -1, 3, 7], 'int32')
  await expectAgreement(() => [
    tf.oneHot(ids(), 4, 1, 0, 'float32'),
    tf.oneHot(ids(), 4),
    tf.oneHot(ids(), 4, 5, -2, 'int32'),
  ])
})

it('sums over leading axes, all axes, others, none', async () => {
  for (const axis of [[0], [0, 1], [1], [-1], [0, 2], undefined]) {
    await expectAgreement(
      () => [tf.sum(floats('a', [300, 5, 7]), axis), tf.sum(floats('a', [300, 5, 7]), axis, true)],
      300,
    )
  }
  await expectAgreement(() => [
    tf.sum(tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32'), 0),
    tf.sum(tf.zeros([0, 3]), 0),
  ])
  await expectAgreement(() => withGradients((x) => tf.sum(tf.square(x), 0), floats('a', [33, 5])), 33)
})

it('names an index out of range', async () => {
  await tf.setBackend('wasm')
  const before = tf.memory().numTensors
  expect(() => tf.tidy(() => tf.gather(tf.zeros([5, 2]), tf.tensor1d([5], 'int32')))).toThrow(
    'expected indices from 0 to 4, found 5 at 0',
  )
  expect(tf.memory().numTensors).toBe(before)
})

it('is still right after the memory has grown', async () => {
  await expectAgreement(() => {
    const large = tf.zeros([1 << 24])
    const product = tf.matMul(floats('a', [9, 20]), floats('b', [20, 9]))
    large.dispose()
    return [product]
  }, 20)
})

it('gives the backend its kernels back', async () => {
  const stock = (): unknown => tf.getKernel('BatchMatMul', 'wasm').kernelFunc
  const ours = stock()
  kernels.restore()
  kernels.restore()
  expect(stock()).not.toBe(ours)
  expect(tf.getKernel('UnsortedSegmentSum', 'wasm')).toBeUndefined()
  await tf.setBackend('cpu')
  expect(() => registerWasmKernels()).toThrow("expected the backend 'wasm', found 'cpu'")
  await tf.setBackend('wasm')
  const repairs = registerWasmKernels({ only: 'repairs' })
  expect(repairs).toMatchObject({
    replaced: ['OneHot'],
    added: ['UnsortedSegmentSum', 'Conv2DBackpropFilter'],
  })
  expect(() => registerWasmKernels()).toThrow(
    "expected 'repairs' as registered before, found 'all'; restore() first",
  )
  repairs.restore()
  kernels = registerWasmKernels()
  await expectAgreement(() => [tf.matMul(floats('a', [9, 20]), floats('b', [20, 9]))], 20)
})
