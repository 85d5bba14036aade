// Shared by convolution and pooling rules: layouts and window geometry of 2-D images.
// Comes in: tfjs layouts and its Conv2DInfo. Goes out: NCHW values and ONNX window attributes.

import type * as tf from '@tensorflow/tfjs-core'
import type { Shape } from '@lotion/core'
import type { Attributes, GraphBuilder } from '../graph/graph-builder.js'
import type { GraphTensor } from '../graph/onnx-graph.js'
import { transpose } from '../graph/operators.js'

/** Name where the channels are: last (NHWC) or second (NCHW). */
export type ImageFormat = 'NHWC' | 'NCHW'

/** Bring an image to NCHW. */
export const toNchw = (graph: GraphBuilder, x: GraphTensor, format: ImageFormat): GraphTensor =>
  format === 'NCHW' ? x : transpose(graph, x, [0, 3, 1, 2])

/** Bring an NCHW image to a tfjs layout. */
export const fromNchw = (graph: GraphBuilder, x: GraphTensor, format: ImageFormat): GraphTensor =>
  format === 'NCHW' ? x : transpose(graph, x, [0, 2, 3, 1])

/** Hold a window's ONNX geometry: one entry for height, one for width. */
export interface Window {
  readonly kernel: readonly [number, number]
  readonly strides: readonly [number, number]
  readonly dilations: readonly [number, number]
  /** Padding before the image. */
  readonly before: readonly [number, number]
  /** Padding at the end, just enough for the last window: the output size already has tfjs's rounding. */
  readonly after: readonly [number, number]
  /** Elements after the last window, which the input gradient must fill with zeros. */
  readonly unread: readonly [number, number]
}

/** Derive the window of a convolution or pooling from tfjs's description. */
export function windowOf(info: tf.backend_util.Conv2DInfo): Window {
  const along = (
    input: number,
    output: number,
    stride: number,
    extent: number,
    before: number,
  ): { readonly after: number; readonly unread: number } => {
    const missing = (output - 1) * stride + extent - input - before
    return { after: Math.max(0, missing), unread: Math.max(0, -missing) }
  }
  const { strideHeight, strideWidth, padInfo } = info
  const height = along(info.inHeight, info.outHeight, strideHeight, info.effectiveFilterHeight, padInfo.top)
  const width = along(info.inWidth, info.outWidth, strideWidth, info.effectiveFilterWidth, padInfo.left)
  return {
    kernel: [info.filterHeight, info.filterWidth],
    strides: [strideHeight, strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    before: [padInfo.top, padInfo.left],
    after: [height.after, width.after],
    unread: [height.unread, width.unread],
  }
}

/** Write a window's strides, dilations and padding as ONNX attributes. */
export const windowAttributes = ({ strides, dilations, before, after }: Window): Attributes => ({
  strides: { ints: strides },
  dilations: { ints: dilations },
  pads: { ints: [...before, ...after] },
})

/**
 * Check that a shape has four extents.
 * @throws otherwise.
 */
export function imageShape(shape: Shape): [number, number, number, number] {
  const [a, b, c, d] = shape
  if (a === undefined || b === undefined || c === undefined || d === undefined || shape.length !== 4) {
    throw new Error(`expected a shape of rank 4, found [${shape.join(', ')}]`)
  }
  return [a, b, c, d]
}
