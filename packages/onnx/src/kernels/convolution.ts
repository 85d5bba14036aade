// Kernel rules: 2-D convolutions and their two gradients, dense and depthwise. Comes in: tfjs layouts (images
// NHWC or NCHW, filters [height, width, in, out]). Goes out: the same. ONNX computes in NCHW with filters
// [out, in / groups, height, width], so every rule transposes in and out; depthwise is groups = input
// channels.

import * as tf from '@tensorflow/tfjs-core'
import { type Shape, sizeOf } from '@lotion/core'
import type { Attributes, GraphBuilder } from '../graph/graph-builder.js'
import type { GraphTensor } from '../graph/onnx-graph.js'
import { binary, concat, fill, reshape, slice, transpose } from '../graph/operators.js'
import { fusedActivation } from './fused-activation.js'
import {
  fromNchw,
  type ImageFormat,
  imageShape,
  toNchw,
  windowAttributes,
  windowOf,
} from './image-geometry.js'
import { defineKernel, type KernelRule } from './kernel-rule.js'

/** Translate 2-D convolutions and their gradients. */
export const convolution: readonly KernelRule[] = [
  defineKernel<'x' | 'filter', tf.Conv2DAttrs>('Conv2D', (graph, { x, filter }, attributes) =>
    convolve(graph, x, filter, dense(x.shape, filter.shape, attributes)),
  ),
  defineKernel<'dy' | 'filter', tf.Conv2DBackpropInputAttrs>(
    'Conv2DBackpropInput',
    (graph, { dy, filter }, attributes) =>
      inputGradient(
        graph,
        dy,
        filter,
        dense(attributes.inputShape, filter.shape, { ...attributes, dilations: 1 }),
      ),
  ),
  defineKernel<'x' | 'dy', tf.Conv2DBackpropFilterAttrs>(
    'Conv2DBackpropFilter',
    (graph, { x, dy }, attributes) =>
      filterGradient(graph, x, dy, dense(x.shape, attributes.filterShape, { ...attributes, dilations: 1 })),
  ),
  defineKernel<'x' | 'filter', tf.DepthwiseConv2dNativeAttrs>(
    'DepthwiseConv2dNative',
    (graph, { x, filter }, attributes) =>
      convolve(graph, x, filter, depthwise(x.shape, filter.shape, attributes)),
  ),
  defineKernel<'dy' | 'filter', tf.DepthwiseConv2dNativeBackpropInputAttrs>(
    'DepthwiseConv2dNativeBackpropInput',
    (graph, { dy, filter }, attributes) =>
      inputGradient(graph, dy, filter, depthwise(attributes.inputShape, filter.shape, attributes)),
  ),
  defineKernel<'x' | 'dy', tf.DepthwiseConv2dNativeBackpropFilterAttrs>(
    'DepthwiseConv2dNativeBackpropFilter',
    (graph, { x, dy }, attributes) =>
      filterGradient(graph, x, dy, depthwise(x.shape, attributes.filterShape, attributes)),
  ),
  defineKernel<'x' | 'filter', tf.FusedConv2DAttrs, 'bias' | 'preluActivationWeights'>(
    'FusedConv2D',
    (graph, { x, filter, bias, preluActivationWeights }, attributes) => {
      if (attributes.dataFormat === 'NCHW') {
        throw new Error(
          "fused conv2d in NCHW is not supported; use tf.conv2d and tf.add, or the 'NHWC' layout",
        )
      }
      const y = convolve(graph, x, filter, dense(x.shape, filter.shape, attributes))
      const biased = bias === undefined ? y : binary(graph, 'Add', y, bias)
      return fusedActivation(graph, biased, attributes.activation, {
        leakyreluAlpha: attributes.leakyreluAlpha,
        preluWeights: preluActivationWeights,
      })
    },
  ),
]

// tfjs's layers leave dilations open.
interface Geometry {
  readonly strides: number | [number, number]
  readonly dilations?: number | [number, number]
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly dataFormat?: ImageFormat
}

interface Convolution {
  readonly info: tf.backend_util.Conv2DInfo
  readonly groups: number
  readonly format: ImageFormat
}

function dense(x: Shape, filter: Shape, geometry: Geometry): Convolution {
  const format = geometry.dataFormat ?? 'NHWC'
  return { info: describe(x, filter, geometry, format, false), groups: 1, format }
}

function depthwise(x: Shape, filter: Shape, geometry: Geometry): Convolution {
  const info = describe(x, filter, geometry, 'NHWC', true)
  return { info, groups: info.inChannels, format: 'NHWC' }
}

const describe = (
  x: Shape,
  filter: Shape,
  { strides, dilations = 1, pad, dimRoundingMode }: Geometry,
  format: ImageFormat,
  isDepthwise: boolean,
): tf.backend_util.Conv2DInfo =>
  tf.backend_util.computeConv2DInfo(
    imageShape(x),
    imageShape(filter),
    strides,
    dilations,
    pad,
    dimRoundingMode,
    isDepthwise,
    format === 'NCHW' ? 'channelsFirst' : 'channelsLast',
  )

// [height, width, in, out] → [out, in, height, width]; depthwise [height, width, in, multiplier] → [in ·
// multiplier, 1, …].
function onnxFilter(graph: GraphBuilder, filter: GraphTensor, groups: number): GraphTensor {
  const [height, width, depth, out] = imageShape(filter.shape)
  if (groups === 1) return transpose(graph, filter, [3, 2, 0, 1])
  return reshape(graph, transpose(graph, filter, [2, 3, 0, 1]), [depth * out, 1, height, width])
}

function convolve(
  graph: GraphBuilder,
  x: GraphTensor,
  filter: GraphTensor,
  { info, groups, format }: Convolution,
): GraphTensor {
  const shape = [info.batchSize, info.outChannels, info.outHeight, info.outWidth]
  const operands = [toNchw(graph, x, format), onnxFilter(graph, filter, groups)] as const
  return fromNchw(
    graph,
    emitConv(graph, ...operands, groups, shape, windowAttributes(windowOf(info))),
    format,
  )
}

// The transposed convolution of dy; elements behind the last window got no gradient and are padded with
// zeros.
function inputGradient(
  graph: GraphBuilder,
  dy: GraphTensor,
  filter: GraphTensor,
  { info, groups, format }: Convolution,
): GraphTensor {
  const window = windowOf(info)
  const shape = [info.batchSize, info.inChannels, info.inHeight, info.inWidth]
  const operands = [toNchw(graph, dy, format), onnxFilter(graph, filter, groups)]
  const attributes = {
    ...windowAttributes(window),
    group: { int: groups },
    output_padding: { ints: window.unread },
  }
  return fromNchw(
    graph,
    graph.emit('ConvTranspose', operands, { shape, dtype: dy.dtype }, attributes),
    format,
  )
}

// ∂L/∂filter is a convolution too: images are summed over (they take the place of channels), dy is the
// filter, and strides and dilations change roles. Channels of x become the batch (dense) or the groups
// (depthwise).
function filterGradient(
  graph: GraphBuilder,
  x: GraphTensor,
  dy: GraphTensor,
  { info, groups, format }: Convolution,
): GraphTensor {
  const { kernel, strides, dilations, before, after } = windowOf(info)
  const { batchSize, inChannels, inHeight, inWidth, outChannels, outHeight } = info
  const byChannel = transpose(graph, toNchw(graph, x, format), [1, 0, 2, 3])
  const images =
    groups === 1 ? byChannel : reshape(graph, byChannel, [1, inChannels * batchSize, inHeight, inWidth])
  const filters = transpose(graph, toNchw(graph, dy, format), [1, 0, 2, 3])
  const batch = groups === 1 ? inChannels : 1
  const extents = [
    spatial(inHeight + before[0] + after[0], outHeight, strides[0], dilations[0]),
    spatial(inWidth + before[1] + after[1], info.outWidth, strides[1], dilations[1]),
  ]
  const slopes = emitConv(graph, images, filters, groups, [batch, outChannels, ...extents], {
    strides: { ints: dilations },
    dilations: { ints: strides },
    pads: { ints: [...before, ...after] },
  })
  // Rows of the padded image behind the last window would count as taps beyond the filter.
  const taps = slice(graph, slopes, [0, 0, 0, 0], [batch, outChannels, ...kernel])
  const stacked =
    groups === 1 ? taps : reshape(graph, taps, [inChannels, outChannels / inChannels, ...kernel])
  return transpose(graph, stacked, [2, 3, 0, 1])
}

// onnxruntime shares out images and groups among threads, each whole. A single image without groups it cuts,
// and then the order of a sum of more than 128 terms depends on the number of threads: such a one is given
// two groups, each with half of the filters.
function emitConv(
  graph: GraphBuilder,
  images: GraphTensor,
  filters: GraphTensor,
  groups: number,
  shape: readonly number[],
  attributes: Attributes,
): GraphTensor {
  const [count = 1, channels = 1, ...window] = filters.shape
  const conv = (x: GraphTensor, w: GraphTensor, group: number, output: readonly number[]): GraphTensor =>
    graph.emit('Conv', [x, w], { shape: output, dtype: x.dtype }, { ...attributes, group: { int: group } })
  if (groups > 1 || images.shape[0] !== 1 || channels * sizeOf(window) <= 128) {
    return conv(images, filters, groups, shape)
  }
  const odd = count % 2
  const even =
    odd === 0 ? filters : concat(graph, [filters, fill(graph, 0, [1, channels, ...window], filters.dtype)], 0)
  const y = conv(concat(graph, [images, images], 1), even, 2, shape.with(1, count + odd))
  return slice(
    graph,
    y,
    shape.map(() => 0),
    shape,
  )
}

const spatial = (input: number, output: number, stride: number, dilation: number): number =>
  Math.floor((input - ((output - 1) * stride + 1)) / dilation) + 1
