// Gradient rules of pooling and convolution. Comes in: dy and the forward attributes. Goes out: gradients by
// input. tfjs 4.22 divides by the whole window where its forward pass divides by the pixels inside, and
// forgets `dimRoundingMode`.

import type * as tfjs from '@tensorflow/tfjs-core'
import type { GradientCall, GradientRule } from './gradient-rule.js'

type Format = 'NHWC' | 'NCHW'
type Extent4 = [number, number, number, number]
type Rounding = 'floor' | 'round' | 'ceil' | undefined

interface WindowAttributes {
  readonly filterSize: number | [number, number]
  readonly strides: number | [number, number]
  readonly pad: 'valid' | 'same' | number | tfjs.backend_util.ExplicitPadding
  readonly dimRoundingMode?: Rounding
  readonly dataFormat?: Format
  readonly dilations?: number | [number, number]
}

interface Pool3dAttributes {
  readonly filterSize: number | [number, number, number]
  readonly strides: number | [number, number, number]
  readonly pad: 'valid' | 'same' | number
  readonly dimRoundingMode?: Rounding
  readonly dataFormat?: 'NDHWC' | 'NCDHW'
}

/** One axis of a window that moves over an image. */
interface Axis {
  readonly size: number
  readonly before: number
  readonly stride: number
  readonly window: number
  readonly count: number
}

/** Rules for AvgPool, AvgPool3D, MaxPool and Conv2D. */
export const windowGradients: readonly GradientRule[] = [
  {
    kernel: 'AvgPool',
    gradients: (call) => {
      const info = poolInfo(call)
      const [rows, columns] = axesOf(info)
      const dy = perPixelInside(call, [
        [rows, 1],
        [columns, 2],
      ])
      return call.own(dy, withPadding(call.attributes, info, 'NHWC'))
    },
  },
  {
    kernel: 'MaxPool',
    gradients: (call) => call.own(call.dy, withPadding(call.attributes, poolInfo(call), 'NHWC')),
  },
  {
    kernel: 'AvgPool3D',
    gradients: (call) => {
      const { filterSize, strides, pad, dimRoundingMode, dataFormat } =
        call.attributes as unknown as Pool3dAttributes
      const [x] = call.saved as [tfjs.Tensor5D]
      const info = call.tf.backend_util.computePool3DInfo(
        x.shape,
        filterSize,
        strides,
        1,
        pad,
        dimRoundingMode,
        dataFormat,
      )
      const { front, top, left } = info.padInfo
      const [size, stride] = [info.effectiveFilterDepth, info.strideDepth]
      const depth = { size: info.inDepth, before: front, stride, window: size, count: info.outDepth }
      const rows = { ...axesOf(info)[0], before: top }
      const columns = { ...axesOf(info)[1], before: left }
      return call.own(
        perPixelInside(call, [
          [depth, 1],
          [rows, 2],
          [columns, 3],
        ]),
        call.attributes,
      )
    },
  },
  {
    kernel: 'Conv2D',
    gradients: (call) => {
      const {
        strides,
        pad,
        dimRoundingMode,
        dilations,
        dataFormat = 'NHWC',
      } = call.attributes as unknown as WindowAttributes
      if (dimRoundingMode === undefined) return call.own(call.dy, call.attributes)
      const [x, filter] = call.saved as [tfjs.Tensor4D, tfjs.Tensor4D]
      const info = call.tf.backend_util.computeConv2DInfo(
        x.shape,
        filter.shape,
        strides,
        dilations ?? 1,
        pad,
        dimRoundingMode,
        false,
        dataFormat === 'NHWC' ? 'channelsLast' : 'channelsFirst',
      )
      return call.own(call.dy, withPadding(call.attributes, info, dataFormat))
    },
  },
]

function poolInfo({ tf, saved, attributes }: GradientCall): tfjs.backend_util.Conv2DInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as WindowAttributes
  const shape = saved[0]!.shape as Extent4
  return tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
}

function axesOf(
  info: Pick<
    tfjs.backend_util.Conv2DInfo,
    | 'inHeight'
    | 'inWidth'
    | 'outHeight'
    | 'outWidth'
    | 'strideHeight'
    | 'strideWidth'
    | 'effectiveFilterHeight'
    | 'effectiveFilterWidth'
  > & { readonly padInfo: { readonly top: number; readonly left: number } },
): readonly [Axis, Axis] {
  return [
    {
      size: info.inHeight,
      before: info.padInfo.top,
      stride: info.strideHeight,
      window: info.effectiveFilterHeight,
      count: info.outHeight,
    },
    {
      size: info.inWidth,
      before: info.padInfo.left,
      stride: info.strideWidth,
      window: info.effectiveFilterWidth,
      count: info.outWidth,
    },
  ]
}

/**
 * The mean over the pixels inside, seen by a rule that divides by the whole window: dy · Π window / inside,
 * axis by axis, so that the factors stay as small as an edge of the image.
 */
function perPixelInside({ tf, dy }: GradientCall, axes: readonly (readonly [Axis, number])[]): tfjs.Tensor {
  return axes.reduce((sum, [axis, at]) => {
    const inside = Float32Array.from({ length: axis.count }, (_, i) => {
      const start = i * axis.stride - axis.before
      return Math.max(0, Math.min(start + axis.window, axis.size) - Math.max(start, 0))
    })
    if (inside.every((pixels) => pixels === axis.window)) return sum
    const shape = dy.shape.map((_, k) => (k === at ? axis.count : 1))
    return tf.mul(
      sum,
      tf.tensor(
        inside.map((pixels) => (pixels === 0 ? 0 : axis.window / pixels)),
        shape,
      ),
    )
  }, dy)
}

/** Explicit padding, which every rule of tfjs reads, for windows whose sizes were not simply cut off. */
function withPadding(
  attributes: Readonly<Record<string, unknown>>,
  info: tfjs.backend_util.Conv2DInfo,
  format: Format,
): Readonly<Record<string, unknown>> {
  if (attributes['dimRoundingMode'] === undefined || attributes['dimRoundingMode'] === null) return attributes
  const { top, bottom, left, right } = info.padInfo
  const reached = ({ size, before, stride, window, count }: Axis): number =>
    (count - 1) * stride + window - size - before
  const [rows, columns] = axesOf(info)
  const pads = [
    [top, Math.max(bottom, reached(rows))],
    [left, Math.max(right, reached(columns))],
  ]
  const pad = format === 'NHWC' ? [[0, 0], ...pads, [0, 0]] : [[0, 0], [0, 0], ...pads]
  return { ...attributes, pad, dimRoundingMode: undefined }
}
