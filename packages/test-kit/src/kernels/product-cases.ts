// Cases of the kernel rules for matrix products, convolution, pooling and batch normalisation.
// Comes in: nothing. Goes out: cases.

import * as tf from '@tensorflow/tfjs-core'
import { floats, type KernelCase, ofOne, ofTwo, present } from './kernel-cases.js'

const as4d = (x: tf.Tensor): tf.Tensor4D => x as tf.Tensor4D
const fusedDense = (
  activation: 'relu' | 'relu6' | 'elu' | 'sigmoid' | 'leakyrelu' | 'linear',
): KernelCase => ({
  name: `fused matMul with bias and ${activation}`,
  inputs: { a: floats([3, 4]), b: floats([4, 5]), c: floats([5], -1, 1) },
  fn: ({ a, b, c }) =>
    tf.fused.matMul({ a: present(a), b: present(b), bias: present(c), activation, leakyreluAlpha: 0.3 }),
  differentiate:
    activation === 'elu' || activation === 'sigmoid' || activation === 'leakyrelu' ? [] : ['a', 'b', 'c'],
})

/** Cases of matrix products. */
export const matrixCases: readonly KernelCase[] = [
  ofTwo('matMul', (a, b) => tf.matMul(a, b), floats([3, 4]), floats([4, 5])),
  ofTwo('matMul, a transposed', (a, b) => tf.matMul(a, b, true), floats([4, 3]), floats([4, 5])),
  ofTwo('matMul, b transposed', (a, b) => tf.matMul(a, b, false, true), floats([3, 4]), floats([5, 4])),
  ofTwo('matMul, both transposed', (a, b) => tf.matMul(a, b, true, true), floats([4, 3]), floats([5, 4])),
  ofTwo(
    'matMul in batches',
    (a, b) => tf.matMul(a, b, false, true),
    floats([2, 3, 4, 6]),
    floats([2, 3, 5, 6]),
  ),
  ofTwo(
    'matMul in batches, a transposed',
    (a, b) => tf.matMul(a, b, true),
    floats([2, 6, 4]),
    floats([2, 6, 5]),
  ),
  {
    ...ofTwo('matMul, batch broadcast', (a, b) => tf.matMul(a, b), floats([2, 3, 4]), floats([1, 4, 5])),
    differentiate: [],
  },
  ofTwo('dot of vectors', (a, b) => tf.dot(a, b), floats([6]), floats([6])),
  ofTwo(
    'outerProduct',
    (a, b) => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D),
    floats([3]),
    floats([4]),
  ),
  fusedDense('linear'),
  fusedDense('relu'),
  fusedDense('relu6'),
  fusedDense('elu'),
  fusedDense('sigmoid'),
  fusedDense('leakyrelu'),
]

/** Cases of convolution, with geometry that leaves elements unread, uneven padding, strides, dilations. */
export const convolutionCases: readonly KernelCase[] = [
  ofTwo(
    'conv2d, valid',
    (a, b) => tf.conv2d(as4d(a), as4d(b), 1, 'valid'),
    floats([2, 6, 5, 3]),
    floats([3, 2, 3, 4]),
  ),
  ofTwo(
    'conv2d, same',
    (a, b) => tf.conv2d(as4d(a), as4d(b), 1, 'same'),
    floats([2, 6, 5, 3]),
    floats([3, 4, 3, 2]),
  ),
  ofTwo(
    'conv2d, same, strided',
    (a, b) => tf.conv2d(as4d(a), as4d(b), 2, 'same'),
    floats([2, 6, 5, 3]),
    floats([3, 3, 3, 2]),
  ),
  ofTwo(
    'conv2d, unread edge',
    (a, b) => tf.conv2d(as4d(a), as4d(b), 3, 'valid'),
    floats([2, 7, 8, 2]),
    floats([2, 2, 2, 3]),
  ),
  ofTwo(
    'conv2d, explicit pad',
    (a, b) => tf.conv2d(as4d(a), as4d(b), 2, 1),
    floats([1, 5, 6, 2]),
    floats([3, 3, 2, 2]),
  ),
  ofTwo(
    'conv2d, channels first',
    (a, b) => tf.conv2d(as4d(a), as4d(b), 1, 'same', 'NCHW'),
    floats([2, 3, 5, 4]),
    floats([3, 3, 3, 2]),
  ),
  {
    ...ofTwo(
      'conv2d, dilated',
      (a, b) => tf.conv2d(as4d(a), as4d(b), 1, 'same', 'NHWC', 2),
      floats([1, 6, 7, 2]),
      floats([3, 3, 2, 2]),
    ),
    differentiate: [],
  },
  ofTwo(
    'conv2dTranspose',
    (a, b) => tf.conv2dTranspose(as4d(a), as4d(b), [2, 7, 5, 2], [2, 2], 'same'),
    floats([2, 4, 3, 3]),
    floats([3, 3, 2, 3]),
  ),
  ofTwo(
    'depthwiseConv2d',
    (a, b) => tf.depthwiseConv2d(as4d(a), as4d(b), 1, 'same'),
    floats([2, 5, 6, 3]),
    floats([3, 3, 3, 2]),
  ),
  ofTwo(
    'depthwiseConv2d, strided, multiplier 1',
    (a, b) => tf.depthwiseConv2d(as4d(a), as4d(b), 2, 'valid'),
    floats([2, 6, 6, 3]),
    floats([3, 2, 3, 1]),
  ),
  ofTwo(
    'depthwiseConv2d of one channel',
    (a, b) => tf.depthwiseConv2d(as4d(a), as4d(b), 1, 'same'),
    floats([2, 5, 5, 1]),
    floats([3, 3, 1, 2]),
  ),
  {
    name: 'fused conv2d',
    inputs: { a: floats([2, 5, 5, 2]), b: floats([3, 3, 2, 4]), c: floats([4]) },
    fn: ({ a, b, c }) =>
      tf.fused.conv2d({
        x: as4d(present(a)),
        filter: as4d(present(b)),
        strides: 1,
        pad: 'same',
        bias: present(c),
        activation: 'relu',
      }),
    differentiate: ['a', 'b', 'c'],
  },
]

/** Cases of pooling and batch normalisation. */
export const poolingCases: readonly KernelCase[] = [
  ofOne('maxPool', (x) => tf.maxPool(as4d(x), 2, 2, 'valid'), floats([2, 6, 4, 3])),
  ofOne('maxPool, overlapping, padded', (x) => tf.maxPool(as4d(x), 3, 2, 'same'), floats([2, 6, 5, 2])),
  ofOne('maxPool, unread edge', (x) => tf.maxPool(as4d(x), 2, 2, 'valid'), floats([1, 5, 7, 2])),
  ofOne('maxPool, every window overlaps', (x) => tf.maxPool(as4d(x), 3, 1, 'same'), floats([2, 5, 4, 2])),
  ofOne(
    'maxPool, overlapping along the width',
    (x) => tf.maxPool(as4d(x), [2, 3], [2, 1], 'valid'),
    floats([1, 6, 5, 2]),
  ),
  ofOne('maxPool of one window', (x) => tf.maxPool(as4d(x), 4, 1, 'valid'), floats([2, 4, 4, 2])),
  ofOne('avgPool', (x) => tf.avgPool(as4d(x), 2, 2, 'valid'), floats([2, 6, 4, 3])),
  ofOne('avgPool, overlapping, padded', (x) => tf.avgPool(as4d(x), 3, 2, 'same'), floats([2, 6, 5, 2])),
  ofOne('avgPool, unread edge', (x) => tf.avgPool(as4d(x), 2, 2, 'valid'), floats([1, 5, 7, 2])),
  {
    name: 'batchNorm',
    inputs: {
      x: floats([2, 3, 3, 2]),
      m: floats([2]),
      v: floats([2], 0.5, 1),
      s: floats([2]),
      o: floats([2], 0, 1),
    },
    fn: ({ x, m, v, s, o }) =>
      tf.batchNorm(
        present(x),
        present(m) as tf.Tensor1D,
        present(v) as tf.Tensor1D,
        present(o) as tf.Tensor1D,
        present(s) as tf.Tensor1D,
        1e-3,
      ),
    differentiate: ['x', 's', 'o'],
  },
]
