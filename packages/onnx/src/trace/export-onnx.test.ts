// Traced programs with their weights as files, judged by onnxruntime: weights are those of the cast, results
// those of tfjs.

import {
  blockOf,
  evaluate,
  layoutOf,
  normals,
  perRow,
  perTensor,
  sizeOf,
  type BlockAxis,
  type NumberFormat,
  type Shape,
  type Tree,
} from '@lotion/core'
import { onnxMessages, protobuf } from '@lotion/core/internal'
import { dequantize, fp8E4m3, int4, int8, mxfp4, nvfp4, quantize, withBlock } from '@lotion/formats'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { exportOnnx, type GridWeights } from './export-onnx.js'
import { traceForward } from './trace-program.js'

// onnxruntime sends telemetry from version 1.29 on, unless this is set before it is loaded.
process.env['ORT_DISABLE_TELEMETRY'] ??= '1'
const { InferenceSession, Tensor } = await import('onnxruntime-node')

beforeAll(() => tf.setBackend('cpu'))

/** A classifier of pictures [2, 12, 12, 3]: a convolution, a dense layer stored [in, out], one [out, in]. */
const shapes = {
  kernel: [3, 3, 3, 16],
  bias: [16],
  'dense.kernel': [1600, 96],
  'head.weight': [10, 96],
} as const satisfies Tree<Shape>
const axes: Readonly<Record<string, BlockAxis>> = { kernel: [0, 2], 'dense.kernel': 0, 'head.weight': -1 }

const classify = (
  { kernel, bias, 'dense.kernel': dense, 'head.weight': head }: Tree<tf.Tensor>,
  { pictures }: Tree<tf.Tensor>,
): Tree<tf.Tensor> => {
  const seen = tf.relu(tf.add(tf.conv2d(pictures as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'valid'), bias!))
  const wide = tf.tanh(tf.matMul(tf.reshape(seen, [2, 1600]), dense!))
  return { scores: tf.softmax(tf.matMul(wide, head!, false, true)) }
}
const batch = { pictures: { shape: [2, 12, 12, 3], dtype: 'float32' } } as const
const pictures = normals({ seed: 2, stream: 'pictures' }, 2 * 12 * 12 * 3)

/** Cast a weight, a block of zeros and a block of very small numbers in it. */
function gridWeights(name: string, shape: Shape, format: NumberFormat, axis: BlockAxis): GridWeights {
  const w = normals({ seed: 1, stream: name }, sizeOf(shape)).map((x) => 0.05 * x)
  w.fill(0, 0, 64)
  for (let i = 64; i < 128; i++) w[i]! *= 1e-20
  const layout = layoutOf(shape, format.block, axis)
  const [out] = evaluate([{ fn: quantize(format), inputs: { w }, layout }], 'f32')
  const { value, scale, tensorScale } = out!
  return {
    format,
    quantized: { layout, values: value!, scales: scale!, tensorScale: tensorScale![0]! },
  }
}

const numbersOf = (weight: Float32Array | GridWeights): Float32Array =>
  weight instanceof Float32Array ? weight : dequantize(weight.quantized)

/** Run a file whose weights are outputs, too: protobuf joins a field that is there twice. */
async function run(
  file: Uint8Array,
  weights: Tree<Shape>,
  feeds: Readonly<Record<string, InstanceType<typeof Tensor>>>,
) {
  const outputs = Object.entries(weights).map(([name, shape]) =>
    onnxMessages.valueField('output', { name, dtype: 'float32', shape }),
  )
  const session = await InferenceSession.create(protobuf.joined([file, protobuf.message(7, ...outputs)]))
  const found = await session.run(feeds)
  const { inputNames } = session
  await session.release()
  return { inputNames, array: (name: string) => found[name]!.data as Float32Array }
}

const differing = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).filter((value, i) => value !== b[i]).length

describe('a classifier as a file', () => {
  it.each([
    ['int4, blocks of 32', withBlock(int4, blockOf(32))],
    ['int4, blocks that end short', withBlock(int4, blockOf(50))],
    ['int8, a scale for each output', withBlock(int8, perRow)],
    ['int8, one scale', withBlock(int8, perTensor)],
    ['mxfp4', mxfp4],
    ['nvfp4', nvfp4],
  ])('has the weights of its cast and computes as tfjs does: %s', async (_, format) => {
    const weights = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        shape.length === 1
          ? normals({ seed: 1, stream: name }, sizeOf(shape))
          : gridWeights(name, shape, format, axes[name]!),
      ]),
    )
    const file = exportOnnx(traceForward('classifier', classify, shapes, batch), weights)
    const { array, inputNames } = await run(file, shapes, {
      pictures: new Tensor('float32', pictures, [2, 12, 12, 3]),
    })
    expect(inputNames).toEqual(['pictures'])
    let all = 0
    for (const [name, weight] of Object.entries(weights)) {
      all += numbersOf(weight).length
      expect(differing(array(name), numbersOf(weight)), name).toBe(0)
    }
    expect(all).toBeGreaterThan(100_000)
    const expected = tf.tidy(() => {
      const params = Object.fromEntries(
        Object.entries(weights).map(([name, weight]) => [
          name,
          tf.tensor(numbersOf(weight), [...shapes[name as 'bias']]),
        ]),
      )
      return classify(params, { pictures: tf.tensor(pictures, [2, 12, 12, 3]) })['scores']!.dataSync()
    })
    const far = array('scores').reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0)
    // f32, other orders of sums of 1600 terms, of scores up to 1.
    expect(far).toBeLessThan(1e-5)
  })

  it('weights of three axes with blocks along the middle one are those of the cast', async () => {
    const shape = [4, 70, 3]
    const fn = ({ w }: Tree<tf.Tensor>, { x }: Tree<tf.Tensor>) => ({ y: tf.mul(w!, x!) })
    const traced = traceForward('middle', fn, { w: shape }, { x: { shape: [1], dtype: 'float32' } })
    for (const block of [blockOf(32), perRow]) {
      const w = gridWeights('w', shape, withBlock(int4, block), 1)
      const { array } = await run(exportOnnx(traced, { w }), {}, { x: new Tensor('float32', [1], [1]) })
      expect(differing(array('y'), numbersOf(w))).toBe(0)
    }
  })
})

describe('what cannot be written is refused by name', () => {
  const traced = traceForward(
    'product',
    ({ w }, { x }) => ({ y: tf.matMul(x!, w!) }),
    { w: [32, 2] },
    { x: { shape: [1, 32], dtype: 'float32' } },
  )
  const w = new Float32Array(64)

  it.each<[string, Parameters<typeof exportOnnx>[1], RegExp]>([
    ['a weight that is missing', {}, /^exportOnnx: 'w': expected 64 weights, found none/],
    ['one that is unknown', { w, v: w }, /^exportOnnx: expected weights w, found 'v'/],
    ['one of another size', { w: w.subarray(1) }, /^exportOnnx: 'w': expected 64 weights, found 63/],
    [
      'a format of other points',
      { w: gridWeights('w', [32, 2], withBlock(fp8E4m3, perRow), 0) },
      /^exportOnnx: 'w': expected a format whose points are integers .*, found fp8-e4m3; give the weights/,
    ],
  ])('%s', (_, weights, message) => {
    expect(() => exportOnnx(traced, weights)).toThrow(message)
  })

  it('two values of one name', () => {
    const same = traceForward(
      'same',
      ({ w }, { x }) => ({ x: tf.matMul(x!, w!) }),
      { w: [32, 2] },
      {
        x: { shape: [1, 32], dtype: 'float32' },
      },
    )
    expect(() => exportOnnx(same, { w })).toThrow(/names of their own.*found 'x'; rename it/)
  })
})
