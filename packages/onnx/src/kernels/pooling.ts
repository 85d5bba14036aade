// Kernel rules: 2-D pooling and its gradients, batch normalisation. Comes in: images NHWC. Goes out: images
// NHWC. ONNX has no pooling gradient: the maximum's is scattered to the positions that MaxPool reports,
// windows that overlap one set after the other; the average's is a transposed convolution with a constant
// filter.

import { type Shape, sizeOf } from '@lotion/core'
import * as tf from '@tensorflow/tfjs-core'
import type { GraphBuilder } from '../graph/graph-builder.js'
import type { GraphTensor } from '../graph/onnx-graph.js'
import { binary, fill, reshape, slice, unary } from '../graph/operators.js'
import { fromNchw, imageShape, toNchw, windowAttributes, windowOf } from './image-geometry.js'
import { defineKernel, type KernelRule } from './kernel-rule.js'

/** Translate pooling and batch normalisation. */
export const pooling: readonly KernelRule[] = [
  defineKernel<'x', tf.MaxPoolAttrs>('MaxPool', (graph, { x }, attributes) =>
    fromNchw(graph, maxPool(graph, x, attributes).values, 'NHWC'),
  ),
  defineKernel<'dy' | 'input', tf.MaxPoolGradAttrs>('MaxPoolGrad', (graph, { dy, input }, attributes) => {
    const { indices } = maxPool(graph, input, attributes)
    const updates = toNchw(graph, dy, 'NHWC')
    const zeros = fill(graph, 0, [sizeOf(input.shape)], input.dtype)
    const flat = disjointWindows(describe(input, attributes), updates.shape)
      .map(([begin, steps]) => {
        const part = (x: GraphTensor): GraphTensor => slice(graph, x, begin, updates.shape, steps)
        const values = part(updates)
        const count = sizeOf(values.shape)
        const positions = reshape(graph, part(indices), [count, 1])
        return graph.emit('ScatterND', [zeros, positions, reshape(graph, values, [count])], zeros)
      })
      .reduce((sum, scattered) => binary(graph, 'Add', sum, scattered))
    const [batch, height, width, channels] = imageShape(input.shape)
    return fromNchw(graph, reshape(graph, flat, [batch, channels, height, width]), 'NHWC')
  }),
  defineKernel<'x', tf.AvgPoolAttrs>('AvgPool', (graph, { x }, attributes) => {
    const info = describe(x, attributes)
    const shape = [info.batchSize, info.outChannels, info.outHeight, info.outWidth]
    const averaged = graph.emit(
      'AveragePool',
      [toNchw(graph, x, 'NHWC')],
      { shape, dtype: x.dtype },
      { ...poolAttributes(info), count_include_pad: { int: 0 } },
    )
    return fromNchw(graph, averaged, 'NHWC')
  }),
  // Divided by the whole window, padding included, as tfjs's backends do.
  defineKernel<'dy' | 'input', tf.AvgPoolGradAttrs>('AvgPoolGrad', (graph, { dy, input }, attributes) => {
    const info = describe(input, attributes)
    const window = windowOf(info)
    const [height, width] = window.kernel
    const filter = fill(graph, 1 / (height * width), [info.inChannels, 1, height, width], dy.dtype)
    const shape = [info.batchSize, info.inChannels, info.inHeight, info.inWidth]
    const spread = graph.emit(
      'ConvTranspose',
      [toNchw(graph, dy, 'NHWC'), filter],
      { shape, dtype: dy.dtype },
      {
        ...windowAttributes(window),
        group: { int: info.inChannels },
        output_padding: { ints: window.unread },
      },
    )
    return fromNchw(graph, spread, 'NHWC')
  }),
  // (x − mean) · scale / √(variance + ε) + offset.
  defineKernel<'x' | 'mean' | 'variance', Partial<tf.FusedBatchNormAttrs>, 'scale' | 'offset'>(
    'FusedBatchNorm',
    (graph, { x, mean, variance, scale, offset }, { varianceEpsilon = 1e-3 }) => {
      const spread = binary(graph, 'Add', variance, graph.scalar(varianceEpsilon))
      const factor = unary(graph, 'Reciprocal', unary(graph, 'Sqrt', spread))
      const slope = scale === undefined ? factor : binary(graph, 'Mul', factor, scale)
      const y = binary(graph, 'Mul', binary(graph, 'Sub', x, mean), slope)
      return offset === undefined ? y : binary(graph, 'Add', y, offset)
    },
  ),
]

interface PoolGeometry {
  readonly filterSize: number | [number, number]
  readonly strides: number | [number, number]
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

const describe = (
  x: GraphTensor,
  { filterSize, strides, pad, dimRoundingMode }: PoolGeometry,
): tf.backend_util.Conv2DInfo =>
  tf.backend_util.computePool2DInfo(imageShape(x.shape), filterSize, strides, 1, pad, dimRoundingMode)

const poolAttributes = (info: tf.backend_util.Conv2DInfo) => {
  const window = windowOf(info)
  return { ...windowAttributes(window), kernel_shape: { ints: window.kernel } }
}

// Split windows into sets in which no two overlap, so that no position is written twice: every m-th along an
// axis, where m strides reach beyond a window. Each set is where it begins in [batch, channels, height,
// width], and its steps.
function disjointWindows(
  { filterHeight, filterWidth, strideHeight, strideWidth }: tf.backend_util.Conv2DInfo,
  [, , height = 1, width = 1]: Shape,
): readonly (readonly [begin: readonly number[], steps: readonly number[]])[] {
  const rows = Math.min(height, Math.ceil(filterHeight / strideHeight))
  const columns = Math.min(width, Math.ceil(filterWidth / strideWidth))
  return Array.from({ length: rows * columns }, (_, i) => [
    [0, 0, Math.floor(i / columns), i % columns],
    [1, 1, rows, columns],
  ])
}

// Values and positions come from one node, which the forward and the backward pass share.
function maxPool(
  graph: GraphBuilder,
  x: GraphTensor,
  attributes: PoolGeometry,
): { readonly values: GraphTensor; readonly indices: GraphTensor } {
  const info = describe(x, attributes)
  const shape = [info.batchSize, info.outChannels, info.outHeight, info.outWidth]
  const [values, indices] = graph.emitMany(
    'MaxPool',
    [toNchw(graph, x, 'NHWC')],
    [
      { shape, dtype: x.dtype },
      { shape, dtype: 'int64' },
    ],
    poolAttributes(info),
  )
  if (values === undefined || indices === undefined) throw new Error('MaxPool must give values and positions')
  return { values, indices }
}
