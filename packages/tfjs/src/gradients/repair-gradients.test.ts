// Gradients against differences of the forward pass. All operations here are linear, or pick a number: on
// small whole numbers the difference quotients are exact but for the rounding of f32.

import * as tf from '@tensorflow/tfjs'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { eagerEngine } from '../eager-engine.js'
import { valueAndGradients } from '../value-and-gradients.js'
import { repairGradients } from './repair-gradients.js'

tf.env().set('PROD', true)
beforeAll(() => tf.setBackend('cpu'))

type Fn = (x: tf.Tensor) => tf.Tensor

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1)
/** Whole numbers in a scattered order, no two alike. */
const scattered = (shape: readonly number[]): Float32Array =>
  Float32Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 37) % 101) - 50)
const weighted = (y: tf.Tensor): tf.Scalar =>
  tf.sum(
    tf.mul(
      y,
      tf.tensor(
        Float32Array.from({ length: y.size }, (_, i) => ((i * 5) % 7) - 3),
        y.shape,
      ),
    ),
  )

/** ∂ Σ c_j f_j / ∂x_i by a step of ¼ to both sides. */
function quotients(fn: Fn, shape: number[]): number[] {
  const at = (i: number, step: number): number =>
    tf.tidy(() => {
      const x = scattered(shape)
      x[i]! += step
      return weighted(fn(tf.tensor(x, shape))).dataSync()[0]!
    })
  return Array.from({ length: sizeOf(shape) }, (_, i) => (at(i, 0.25) - at(i, -0.25)) * 2)
}

function found(fn: Fn, shape: number[]): number[] {
  return tf.tidy(() => {
    const x = tf.tensor(scattered(shape), shape)
    return [...valueAndGradients(tf, 'test', () => weighted(fn(x)), [x]).gradients[0]!.dataSync()]
  })
}

const image = (x: tf.Tensor): tf.Tensor4D => x as tf.Tensor4D
const volume = (x: tf.Tensor): tf.Tensor5D => x as tf.Tensor5D
const filter = (shape: [number, number, number, number]): tf.Tensor4D => tf.tensor4d(scattered(shape), shape)

const cases: readonly (readonly [string, number[], Fn])[] = [
  ['avgPool, same, even', [1, 4, 5, 2], (x) => tf.avgPool(image(x), 2, 1, 'same')],
  ['avgPool, same, strides', [2, 5, 4, 1], (x) => tf.avgPool(image(x), 3, 2, 'same')],
  ['avgPool, valid', [1, 5, 5, 2], (x) => tf.avgPool(image(x), 2, 2, 'valid')],
  ...(['floor', 'round', 'ceil'] as const).flatMap((mode) =>
    [0, 1].flatMap((pad): (readonly [string, number[], Fn])[] => [
      [`avgPool, padding ${pad}, ${mode}`, [1, 6, 7, 1], (x) => tf.avgPool(image(x), 3, 2, pad, mode)],
      [`maxPool, padding ${pad}, ${mode}`, [1, 6, 7, 1], (x) => tf.maxPool(image(x), 3, 2, pad, mode)],
      [
        `conv2d, padding ${pad}, ${mode}`,
        [1, 6, 7, 2],
        (x) => tf.conv2d(image(x), filter([3, 3, 2, 2]), 2, pad, 'NHWC', 1, mode),
      ],
    ]),
  ),
  [
    'conv2d by its filter, ceil',
    [3, 3, 1, 2],
    (f) => tf.conv2d(filter([1, 6, 6, 1]), image(f), 2, 0, 'NHWC', 1, 'ceil'),
  ],
  ['avgPool3d, same', [1, 3, 3, 2, 1], (x) => tf.avgPool3d(volume(x), 2, 1, 'same')],
  ['avgPool3d, ceil', [1, 3, 4, 5, 1], (x) => tf.avgPool3d(volume(x), 2, 2, 0, 'ceil')],
  ...(['reflect', 'symmetric'] as const).map((mode): readonly [string, number[], Fn] => [
    `mirrorPad, ${mode}`,
    [3, 4],
    (x) =>
      tf.mirrorPad(
        x,
        [
          [2, 1],
          [0, 3],
        ],
        mode,
      ),
  ]),
  ...[0, 1, 2].flatMap((axis) =>
    [false, true].flatMap((exclusive) =>
      [false, true].map((reverse): readonly [string, number[], Fn] => [
        `cumsum along axis ${axis}${exclusive ? ', exclusive' : ''}${reverse ? ', reverse' : ''}`,
        [3, 3, 3],
        (x) => tf.cumsum(x, axis, exclusive, reverse),
      ]),
    ),
  ),
  ['cumsum of a matrix that is not square', [2, 4], (x) => tf.cumsum(x, 0)],
  ['resizeBilinear', [1, 3, 3, 1], (x) => tf.image.resizeBilinear(image(x), [5, 5])],
]

describe('gradients', () => {
  it.each(cases)('%s', (_, shape, fn) => {
    const [expected, gradient] = [quotients(fn, shape), found(fn, shape)]
    const largest = Math.max(...expected.map(Math.abs))
    expect(largest).toBeGreaterThan(0)
    // Sums of some ten terms up to 50 · 50 · 18 in f32, divided by ½: 10 · 2⁻²⁴ of the sum over the smallest
    // gradient.
    gradient.forEach((slope, i) => expect(Math.abs(slope - expected[i]!)).toBeLessThan(largest * 1e-3 + 1e-2))
  })

  it.each([
    ['ResizeBilinear', (x: tf.Tensor) => tf.image.resizeBilinear(image(x), [5, 5], false, true)],
    [
      'ResizeNearestNeighbor',
      (x: tf.Tensor) => tf.image.resizeNearestNeighbor(image(x), [5, 5], false, true),
    ],
  ] as const)('%s refuses to go back through half-pixel centers', (kernel, fn) => {
    expect(() => found(fn, [1, 3, 3, 1])).toThrow(`${kernel}: expected no halfPixelCenters in a loss`)
  })
})

describe("tfjs's own rules", () => {
  const kernels = ['AvgPool', 'AvgPool3D', 'MaxPool', 'Conv2D', 'MirrorPad', 'Cumsum', 'ResizeBilinear']
  const rules = (): unknown[] => kernels.map((kernel) => tf.getGradient(kernel))
  const own = rules()
  afterEach(() => expect(rules()).toEqual(own))

  it('are back after a step, and after one that fails', async () => {
    const loss = ({ w }: Record<string, tf.Tensor>): tf.Tensor => tf.mean(tf.avgPool(image(w!), 2, 1, 'same'))
    const step = eagerEngine().gradients({ name: 'p', shapes: { w: [1, 3, 3, 1] }, loss, terms: () => 1 })
    await step.run({ w: new Float32Array(9) }, {})
    expect(rules()).toEqual(own)
    const failing = eagerEngine().gradients({
      name: 'f',
      shapes: { w: [2] },
      terms: () => 1,
      loss: () => {
        throw new Error('no loss')
      },
    })
    await expect(failing.run({ w: new Float32Array(2) }, {})).rejects.toThrow('no loss')
  })

  it('give way for good when asked, once, and come back', () => {
    const slope = (): number[] =>
      tf.tidy(() => {
        const x = tf.tensor4d(scattered([1, 3, 3, 1]), [1, 3, 3, 1])
        return [
          ...tf
            .grad((y) => tf.sum(tf.avgPool(image(y), 2, 1, 'same')))(x)
            .dataSync(),
        ]
      })
    const before = slope()
    const [restore, again] = [repairGradients(tf), repairGradients(tf)]
    // The last row and column stand alone in their windows.
    const right = [0.25, 0.5, 0.75, 0.5, 1, 1.5, 0.75, 1.5, 2.25]
    expect(slope()).toEqual(right)
    expect(found((x) => tf.avgPool(image(x), 2, 1, 'same'), [1, 3, 3, 1])).not.toEqual(before)
    again()
    expect(slope()).toEqual(right)
    restore()
    expect(slope()).toEqual(before)
    expect(before[8]).toBe(1)
  })
})
