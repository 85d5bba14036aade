// Cases of the kernel rules that rearrange, index, create and reduce. Comes in: nothing. Goes out: cases.

import * as tf from '@tensorflow/tfjs-core'
import {
  floats,
  intList,
  ints,
  type KernelCase,
  list,
  ofOne,
  ofTwo,
  present,
  valueOfOne,
  valueOfTwo,
} from './kernel-cases.js'

const cube = floats([3, 4, 5])
const asInt = (x: tf.Tensor): tf.Tensor => tf.cast(x, 'int32')
const asBool = (x: tf.Tensor): tf.Tensor => tf.cast(x, 'bool')

/** Cases that rearrange elements. */
export const layoutCases: readonly KernelCase[] = [
  ofOne('reshape', (x) => tf.reshape(x, [4, -1]), cube),
  valueOfOne('reshape of integers', (x) => tf.reshape(x, [2, 6]), ints([12], 9)),
  ofOne('expandDims', (x) => tf.mul(tf.expandDims(x, 1), tf.expandDims(x, -1)), floats([3, 4])),
  ofOne('squeeze', (x) => tf.squeeze(x), floats([1, 3, 1])),
  ofOne('transpose', (x) => tf.transpose(x, [2, 0, 1]), cube),
  ofOne('transpose of a matrix', (x) => tf.transpose(x)),
  ofOne('slice', (x) => tf.slice(x, [1, 0, 2], [2, -1, 3]), cube),
  ofOne('slice of the first axis', (x) => tf.slice(x, 1), cube),
  valueOfOne('slice of integers', (x) => tf.slice(x, [2], [3]), ints([7], 9)),
  valueOfOne('stridedSlice', (x) => tf.stridedSlice(x, [2, 0, 0], [0, 4, 5], [-1, 2, 3]), cube),
  valueOfOne(
    'stridedSlice to the front',
    (x) => tf.stridedSlice(x, [2, 3], [0, 0], [-2, -1], 0, 3),
    floats([3, 4]),
  ),
  valueOfOne(
    'stridedSlice that drops an axis',
    (x) => tf.stridedSlice(x, [1, 0, 0], [2, 4, 5], [1, 1, 1], 0, 0, 0, 0, 1),
    cube,
  ),
  ofTwo('concat', (a, b) => tf.concat([a, b], 1), floats([3, 2, 5]), cube),
  ofTwo('concat along the last axis', (a, b) => tf.concat([a, b, a], -1), floats([3, 2]), floats([3, 4])),
  ofTwo('stack (pack)', (a, b) => tf.stack([a, b], 1)),
  ofOne('unstack (unpack)', (x) => tf.mul(...pair(tf.unstack(x, 1))), floats([3, 2, 4])),
  ofOne('split', (x) => tf.mul(...pair(tf.split(x, 2, -1))), floats([3, 6])),
  ofOne('split by sizes', (x) => tf.sum(present(tf.split(x, [1, 3, 2], 1)[1])), floats([3, 6])),
  ofOne('tile', (x) => tf.tile(x, [2, 3])),
  ofOne('tile of extents of 1', (x) => tf.tile(x, [4, 1, 3]), floats([1, 5, 1])),
  ofOne('broadcastTo', (x) => tf.broadcastTo(x, [4, 3, 5]), floats([3, 1])),
  ofOne('pad', (x) =>
    tf.pad(
      x,
      [
        [1, 2],
        [0, 3],
      ],
      0.5,
    ),
  ),
  valueOfOne('pad of integers', (x) => tf.pad(x, [[2, 1]], 7), ints([5], 9)),
  ofOne('mirrorPad', (x) =>
    tf.mirrorPad(
      x,
      [
        [1, 1],
        [2, 0],
      ],
      'reflect',
    ),
  ),
  ofOne('reverse', (x) => tf.reverse(x, [0, 2]), cube),
]

/** Cases that read or add by index. */
export const indexingCases: readonly KernelCase[] = [
  ofTwo('gather', (a, b) => tf.gather(a, tf.cast(b, 'int32')), floats([6, 4]), ints([3, 5], 6)),
  ofTwo('gather along axis 1', (a, b) => tf.gather(a, tf.cast(b, 'int32'), 1), cube, ints([7], 4)),
  valueOfTwo(
    'gather with a batch axis',
    (a, b) => tf.gather(a, tf.cast(b, 'int32'), 2, 1),
    cube,
    ints([3, 2], 5),
  ),
  valueOfTwo('gather of integers', (a, b) => tf.gather(a, tf.cast(b, 'int32')), ints([6], 9), ints([4], 6)),
  valueOfTwo(
    'gatherND',
    (a, b) => tf.gatherND(a, tf.cast(b, 'int32')),
    cube,
    intList([2, 1, 0, 3, 1, 1], [3, 2]),
  ),
  valueOfTwo(
    'scatterND adds repeats',
    (a, b) => tf.scatterND(tf.cast(b, 'int32'), a, [5, 2]),
    floats([4, 2]),
    intList([1, 3, 1, 0], [4, 1]),
  ),
  valueOfTwo(
    'scatterND by two indices, whole numbers',
    (a, b) => tf.scatterND(tf.cast(b, 'int32'), a, [3, 4, 2]),
    ints([5, 2], 9),
    intList([1, 3, 0, 2, 1, 3, 2, 0, 1, 3], [5, 2]),
  ),
  valueOfTwo(
    'tensorScatterUpdate, the last of equal indices wins',
    (a, b) => tf.tensorScatterUpdate(a, tf.tensor2d([[2], [0], [2], [2]], [4, 1], 'int32'), b),
    floats([4, 3]),
    floats([4, 3], 5, 6),
  ),
  valueOfTwo(
    'tensorScatterUpdate by two indices',
    (a, b) =>
      tf.tensorScatterUpdate(
        a,
        tf.tensor2d(
          [
            [2, 1],
            [0, 3],
          ],
          [2, 2],
          'int32',
        ),
        b,
      ),
    cube,
    floats([2, 5], 5, 6),
  ),
  valueOfTwo(
    'tensorScatterUpdate',
    (a, b) => tf.tensorScatterUpdate(a, tf.tensor2d([[2], [0]], [2, 1], 'int32'), b),
    floats([4, 3]),
    floats([2, 3], 5, 6),
  ),
  valueOfTwo(
    'unsortedSegmentSum',
    (a, b) => tf.unsortedSegmentSum(a, tf.cast(b, 'int32') as tf.Tensor1D, 4),
    floats([6, 3]),
    intList([0, 2, 2, 0, 3, 2]),
  ),
  valueOfTwo(
    'unsortedSegmentSum leaves out ids out of range',
    (a, b) => tf.unsortedSegmentSum(a, tf.cast(b, 'int32') as tf.Tensor1D, 3),
    floats([6, 3]),
    intList([0, -1, 2, 0, 3, 2]),
  ),
  // 1100 rows are sums of blocks of blocks of blocks, the last ones not full. All of one sign: nothing
  // cancels.
  ofTwo('gather of many', (a, b) => tf.gather(a, asInt(b)), floats([7, 3], 0.1, 1), ints([1100], 7)),
  ofTwo(
    'gather of many, one at a time',
    (a, b) => tf.gather(a, asInt(b)),
    floats([70], 0.1, 1),
    ints([1100], 70),
  ),
  ofTwo(
    'gather of one row, all of one id',
    (a, b) => tf.gather(a, asInt(b)),
    floats([1, 3], 0.1, 1),
    ints([70], 1),
  ),
  valueOfOne('oneHot', (x) => tf.oneHot(x, 5), ints([2, 4], 5)),
  // Computed ids: those of a batch are checked before the step.
  valueOfOne(
    'oneHot, out of range and other values',
    (x) => tf.oneHot(tf.sub(x, tf.scalar(1, 'int32')), 3, 2.5, -1),
    intList([1, 5, 3, 0]),
  ),
  valueOfOne('oneHot of floats', (x) => tf.oneHot(x, 3, 1, 0, 'float32'), intList([0, 1, 2])),
]

/** Cases that make values from attributes. */
export const creationCases: readonly KernelCase[] = [
  ofOne('fill', (x) => tf.mul(x, tf.fill([3, 5], 2.5))),
  ofOne('fill beyond the constant limit', (x) => tf.mul(x, tf.fill([3, 5000], 0.5)), floats([3, 1])),
  ofOne('ones beyond the constant limit', (x) => tf.mul(x, tf.ones([3, 5000])), floats([3, 1])),
  valueOfOne('fill of integers', (x) => tf.add(x, tf.fill([4], 3, 'int32')), ints([4], 9)),
  ofOne('zerosLike', (x) => tf.add(x, tf.zerosLike(x))),
  ofOne('onesLike', (x) => tf.mul(x, tf.onesLike(x))),
  ofOne('range', (x) => tf.mul(x, tf.range(0, 5))),
  ofOne('range beyond the constant limit', (x) => tf.mul(x, tf.range(0, 4000)), floats([2, 1])),
  ofOne('range with a fractional step', (x) => tf.mul(x, tf.range(1, 2.2, 0.25))),
  valueOfOne('range of integers, backwards', (x) => tf.add(x, tf.range(7, -1, -2, 'int32')), ints([4], 9)),
  ofOne('linspace', (x) => tf.mul(x, tf.linspace(-1, 3, 5))),
]

/** Cases that reduce, scan and normalise. */
export const reductionCases: readonly KernelCase[] = [
  // All positive: a sum that cancels would compare rounding errors.
  ofOne('sum of all', (x) => tf.sum(x), floats([3, 4, 5], 0.1, 2)),
  ofOne('sum over axes', (x) => tf.sum(x, [0, -1]), cube),
  ofOne('sum, axis kept', (x) => tf.sum(x, 1, true), cube),
  valueOfOne('sum of a scalar', (x) => tf.sum(x), floats([])),
  valueOfOne('sum of integers', (x) => tf.sum(x, 0), ints([3, 4], 9)),
  valueOfOne('sum of booleans', (x) => tf.sum(asBool(x)), list([0, 1, 2, 0])),
  ofOne('mean', (x) => tf.mean(x, [1], true), cube),
  valueOfOne('mean of integers', (x) => tf.mean(x), ints([7], 9)),
  ofOne('moments', (x) => tf.moments(x, -1).variance, cube),
  ofOne('max', (x) => tf.max(x, -1), cube),
  ofOne('max of all, axes kept', (x) => tf.max(x, undefined, true), cube),
  valueOfOne('max of integers', (x) => tf.max(x, 0), ints([3, 4], 9)),
  ofOne('min', (x) => tf.min(x, [0, 1]), cube),
  ofOne('prod', (x) => tf.prod(x, 1), floats([3, 4], 0.5, 2)),
  valueOfOne('all', (x) => tf.all(asBool(x), 1), list([1, 2, 0, 3], [2, 2])),
  valueOfOne('any', (x) => tf.any(asBool(x), 1), list([0, 2, 0, 0], [2, 2])),
  valueOfOne('argMax', (x) => tf.argMax(x, 1), cube),
  valueOfOne('argMax, first of equals', (x) => tf.argMax(x, -1), list([1, 3, 3, 2, 2, 2], [2, 3])),
  valueOfOne('argMin', (x) => tf.argMin(x, 0), cube),
  ofOne('cumsum', (x) => tf.cumsum(x, 2), cube),
  ofOne('cumsum, exclusive and reversed', (x) => tf.cumsum(x, 2, true, true), cube),
  // tfjs's own gradient of a cumsum along an inner axis has the wrong shape.
  valueOfOne('cumsum along an inner axis', (x) => tf.cumsum(x, 1), cube),
  valueOfOne('cumprod', (x) => tf.cumprod(x, 1), floats([3, 7], 0.5, 2)),
  valueOfOne('cumprod, exclusive and reversed', (x) => tf.cumprod(x, 0, true, true), floats([5, 3], 0.5, 2)),
  ofOne('softmax', (x) => tf.softmax(x), cube),
  ofOne('logSoftmax', (x) => tf.logSoftmax(x), cube),
  {
    // tf.logSoftmax is a composition; its kernel is reached through the engine alone, and cpu has none.
    name: 'logSoftmax kernel',
    inputs: { logits: cube },
    fn: ({ logits }) =>
      tf.getBackend() === 'cpu'
        ? tf.logSoftmax(present(logits))
        : tf.engine().runKernel<tf.Tensor>('LogSoftmax', { logits: present(logits) }, { axis: 2 }),
  },
  ofOne('logSumExp', (x) => tf.logSumExp(x, 1), cube),
  valueOfOne('topk values', (x) => tf.topk(x, 2).values, cube),
  valueOfOne('topk indices', (x) => tf.topk(x, 2).indices, cube),
  {
    name: 'softmax cross-entropy, from gather',
    inputs: { x: floats([4, 6]), y: intList([2, 0, 5, 2]) },
    fn: ({ x, y }) => {
      const chosen = tf.mul(tf.logSoftmax(present(x)), tf.oneHot(present(y), 6))
      return tf.neg(tf.mean(tf.sum(chosen, -1)))
    },
    differentiate: ['x'],
  },
]

function pair(tensors: readonly tf.Tensor[]): [tf.Tensor, tf.Tensor] {
  return [present(tensors[0]), present(tensors[1])]
}
