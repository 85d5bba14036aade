// Cases of the thread tests: operators of sizes at which onnxruntime shares one among threads, and ids that
// repeat. Comes in: widths. Goes out: kernel cases.

import type { HostArray, Shape } from '@lotion/core'
import * as tf from '@tensorflow/tfjs-core'
import { zipfIds } from '../zipf-ids.js'
import { floats, type KernelCase, ofOne, ofTwo } from './kernel-cases.js'

const as4d = (x: tf.Tensor): tf.Tensor4D => x as tf.Tensor4D
const asIds = (x: tf.Tensor): tf.Tensor1D => tf.cast(x, 'int32') as tf.Tensor1D

const CASE_ROWS = 1024

/** One id throughout: every row is added to the same one. */
const oneId = (count: number): HostArray => ({ data: new Int32Array(count).fill(3), shape: [count] })

/** Cases that read or write rows of a width by id. */
export function indexedCases(width: number): readonly KernelCase[] {
  const table = floats([1024, width])
  const wide = floats([CASE_ROWS, width])
  const both = (
    name: string,
    make: (ids: HostArray) => KernelCase,
    vocabulary = 1024,
  ): readonly KernelCase[] => [
    {
      ...make({ data: zipfIds(CASE_ROWS, vocabulary), shape: [CASE_ROWS] }),
      name: `${name}, Zipf ids, width ${width}`,
    },
    { ...make(oneId(CASE_ROWS)), name: `${name}, one id, width ${width}` },
  ]
  const valueOnly = (one: KernelCase): KernelCase => ({ ...one, differentiate: [] })
  return [
    ...both('gather', (ids) => ofTwo('', (a, b) => tf.gather(a, asIds(b)), table, ids)),
    ...both('gather along axis 1', (ids) =>
      ofTwo('', (a, b) => tf.gather(a, asIds(b), 1), floats([8, 1024, width / 8]), ids),
    ),
    ...both('gather in batches', (ids) =>
      ofTwo(
        '',
        (a, b) => tf.gather(a, tf.reshape(asIds(b), [2, CASE_ROWS / 2]), 1, 1),
        floats([2, 1024, width]),
        ids,
      ),
    ),
    ...both('gatherND', (ids) =>
      valueOnly(ofTwo('', (a, b) => tf.gatherND(a, tf.reshape(asIds(b), [CASE_ROWS, 1])), table, ids)),
    ),
    ...both('scatterND', (ids) =>
      valueOnly(
        ofTwo('', (a, b) => tf.scatterND(tf.reshape(asIds(b), [CASE_ROWS, 1]), a, [1024, width]), wide, ids),
      ),
    ),
    ...both('tensorScatterUpdate', (ids) =>
      valueOnly(
        ofTwo(
          '',
          (a, b) => tf.tensorScatterUpdate(tf.zeros([1024, width]), tf.reshape(asIds(b), [CASE_ROWS, 1]), a),
          wide,
          ids,
        ),
      ),
    ),
    ...both('unsortedSegmentSum', (ids) =>
      ofTwo('', (a, b) => tf.unsortedSegmentSum(a, asIds(b), 1024), wide, ids),
    ),
    ...both(
      'oneHot',
      (ids) => ofTwo('', (a, b) => tf.mul(a, tf.cast(tf.oneHot(asIds(b), width), 'float32')), wide, ids),
      width,
    ),
  ]
}

const product = (m: number, k: number, n: number): KernelCase =>
  ofTwo(`matMul ${m} × ${k} × ${n}`, (a, b) => tf.matMul(a, b), floats([m, k]), floats([k, n]))

const convolved = (
  name: string,
  image: Shape,
  filter: Shape,
  stride = 1,
  pad: 'same' | 'valid' = 'same',
): KernelCase =>
  ofTwo(
    `${name}, ${image.join(' × ')} by ${filter.join(' × ')}`,
    (a, b) =>
      name.startsWith('depthwise')
        ? tf.depthwiseConv2d(as4d(a), as4d(b), stride, pad)
        : tf.conv2d(as4d(a), as4d(b), stride, pad),
    floats(image),
    floats(filter),
  )

const positive = floats([64, 65, 66], 0.1, 1)
const negativeZeros: HostArray = { data: new Float32Array(64 * 3000).fill(-0), shape: [64, 3000] }

// Several shares and a rest, of whatever number of threads.
const long: Shape = [67, 1501]
const unaries = (
  from: number,
  to: number,
  names: readonly (keyof typeof functions)[],
): readonly KernelCase[] => names.map((name) => ofOne(name, functions[name], floats(long, from, to)))
const functions = {
  acos: tf.acos,
  acosh: tf.acosh,
  asin: tf.asin,
  asinh: tf.asinh,
  atan: tf.atan,
  atanh: tf.atanh,
  cos: tf.cos,
  cosh: tf.cosh,
  elu: tf.elu,
  erf: tf.erf,
  exp: tf.exp,
  expm1: tf.expm1,
  leakyRelu: tf.leakyRelu,
  log: tf.log,
  log1p: tf.log1p,
  logSigmoid: tf.logSigmoid,
  reciprocal: tf.reciprocal,
  relu6: tf.relu6,
  rsqrt: tf.rsqrt,
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  sin: tf.sin,
  sinh: tf.sinh,
  softplus: tf.softplus,
  sqrt: tf.sqrt,
  square: tf.square,
  tan: tf.tan,
  tanh: tf.tanh,
} as const satisfies Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>>

const valueOf = (name: string, fn: (x: tf.Tensor) => tf.Tensor): KernelCase => ({
  ...ofOne(name, fn, floats(long, -9, 9)),
  differentiate: [],
})

/**
 * Functions of many elements, which threads share: an element's bits must not depend on where its thread's
 * share begins.
 */
export const sharedCases: readonly KernelCase[] = [
  ...unaries(-0.99, 0.99, ['acos', 'asin', 'atanh']),
  ...unaries(1.01, 9, ['acosh']),
  ...unaries(0.01, 9, ['log', 'log1p', 'reciprocal', 'rsqrt', 'sqrt']),
  ...unaries(-9, 9, ['asinh', 'atan', 'cos', 'cosh', 'elu', 'erf', 'exp', 'expm1', 'leakyRelu']),
  ...unaries(-9, 9, ['logSigmoid', 'relu6', 'selu', 'sigmoid', 'sin', 'sinh', 'softplus', 'square']),
  valueOf('ceil', (x) => tf.ceil(x)),
  valueOf('floor', (x) => tf.floor(x)),
  valueOf('round', (x) => tf.round(x)),
  valueOf('sign', (x) => tf.sign(x)),
  valueOf('isInf', (x) => tf.isInf(x)),
  valueOf('logicalOr', (x) => tf.logicalOr(tf.less(x, -1), tf.greater(x, 1))),
  valueOf('argMax', (x) => tf.argMax(x, 1)),
  valueOf('argMin', (x) => tf.argMin(x, 0)),
  valueOf('topk', (x) => tf.topk(x, 40).values),
  // tf.logSoftmax is a composition; its kernel is reached through the engine alone.
  valueOf('logSoftmax kernel', (logits) => tf.engine().runKernel('LogSoftmax', { logits }, { axis: 1 })),
  valueOf('pad', (x) =>
    tf.pad(x, [
      [1, 2],
      [3, 0],
    ]),
  ),
  valueOf('split', (x) => tf.split(x, [500, 1001], 1)[1]!),
  valueOf('mod of integers', (x) => tf.mod(tf.cast(x, 'int32'), tf.scalar(5, 'int32'))),
  valueOf('tile', (x) => tf.tile(x, [2, 3])),
  ...unaries(-9, 9, ['tan', 'tanh']),
  ...[
    tf.add,
    tf.sub,
    tf.mul,
    tf.div,
    tf.pow,
    tf.atan2,
    tf.maximum,
    tf.minimum,
    tf.mod,
    tf.squaredDifference,
    tf.prelu,
  ].map((fn) =>
    ofTwo(fn.name.replace('__op', ''), (a, b) => fn(a, b), floats(long, 0.1, 3), floats(long, 0.2, 2)),
  ),
]

/** Cases with sums long enough for several threads, in shapes that onnxruntime cuts differently. */
export const summedCases: readonly KernelCase[] = [
  product(8, 512, 64),
  product(10, 1024, 128),
  product(3, 20_000, 2),
  product(16, 2048, 512),
  product(1, 4096, 300),
  product(512, 2048, 1),
  product(128, 1024, 336),
  // Halves of the columns, of either form of the right operand; and a left operand that is turned once.
  product(300, 1000, 550),
  product(600, 1000, 300),
  ofTwo('matMul in batches', (a, b) => tf.matMul(a, b), floats([2, 16, 1000]), floats([2, 1000, 48])),
  ofTwo(
    'matMul in batches, b transposed',
    (a, b) => tf.matMul(a, b, false, true),
    floats([2, 16, 1000]),
    floats([2, 48, 1000]),
  ),
  convolved('conv2d', [4, 8, 8, 256], [1, 1, 256, 64]),
  convolved('conv2d', [4, 13, 13, 32], [3, 3, 32, 48], 2),
  convolved('conv2d of grey images', [16, 28, 28, 1], [5, 5, 1, 8], 1, 'valid'),
  convolved('conv2d of one image', [1, 14, 14, 64], [3, 3, 64, 33]),
  convolved('conv2d of one grey image', [1, 28, 28, 1], [3, 3, 1, 33]),
  convolved('conv2d of one small image', [1, 8, 8, 512], [1, 1, 512, 8]),
  ofTwo(
    'conv2dTranspose',
    (a, b) => tf.conv2dTranspose(as4d(a), as4d(b), [2, 16, 16, 32], 2, 'same'),
    floats([2, 8, 8, 64]),
    floats([3, 3, 32, 64]),
  ),
  convolved('depthwiseConv2d', [4, 14, 14, 48], [3, 3, 48, 1]),
  convolved('depthwiseConv2d of one channel', [4, 28, 28, 1], [3, 3, 1, 8]),
  ofOne('maxPool, overlapping by one', (x) => tf.maxPool(as4d(x), 3, 2, 'same'), floats([4, 28, 28, 32])),
  ofOne('maxPool, overlapping by two', (x) => tf.maxPool(as4d(x), 3, 1, 'same'), floats([4, 28, 28, 32])),
  ofOne('avgPool, overlapping', (x) => tf.avgPool(as4d(x), 3, 2, 'same'), floats([4, 28, 28, 32])),
  ofOne('sum of negative zeros', (x) => tf.sum(x, 0), negativeZeros),
  ofOne('max over [0, 2]', (x) => tf.max(x, [0, 2]), positive),
  ofOne('min over [1]', (x) => tf.min(x, 1), positive),
  ...[5, 13].map((before) =>
    ofOne(`sum over the middle of ${before}`, (x) => tf.sum(x, 1), floats([before, 60, 66], 0.1, 1)),
  ),
  ...[[0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2]].flatMap((axes) => [
    ofOne(`sum over [${axes.join(', ')}]`, (x) => tf.sum(x, axes), positive),
    ofOne(`variance over [${axes.join(', ')}]`, (x) => tf.moments(x, axes).variance, positive),
  ]),
  ofOne('softmax', (x) => tf.softmax(x), floats([1024, 1000])),
  ofOne('logSoftmax', (x) => tf.logSoftmax(x), floats([1024, 1000])),
  ofOne('cumsum', (x) => tf.cumsum(x, 1), floats([64, 1000])),
  ofOne('prod', (x) => tf.prod(x, 1), floats([64, 1000], 0.99, 1.01)),
]
