// Cost of a step on tfjs's cpu backend, the reference of the first-step check, from the shapes that a trace
// meets. Comes in: a kernel, its operands and result. Goes out: seconds. The figures are nanoseconds an
// operation on one core of a Zen 4, rounded up: what tfjs writes as typed-array loops takes some, what reads
// through its TensorBuffer takes hundreds.

import { type Shape, sizeOf } from '@lotion/core'

interface Shaped {
  readonly shape: Shape
}

type Operands = Readonly<Record<string, Shaped>>
type Attributes = Readonly<Record<string, unknown>>

const nanoseconds = {
  product: 5,
  window: 6,
  buffer: 200,
  element: 20,
  pooled: 400,
  segment: 20_000,
  segmented: 25,
}

/** Foresee the seconds of one kernel call on tfjs's cpu backend. */
export const referenceSeconds = (
  kernel: string,
  operands: Operands,
  result: Shaped,
  attributes: Attributes,
): number => {
  const elements =
    Object.values(operands).reduce((sum, { shape }) => sum + sizeOf(shape), 0) + sizeOf(result.shape)
  return (arithmetic(kernel, operands, result, attributes) + nanoseconds.element * elements) * 1e-9
}

function arithmetic(kernel: string, operands: Operands, result: Shaped, attributes: Attributes): number {
  const size = (name: string): number => sizeOf(operands[name]?.shape ?? [])
  const out = sizeOf(result.shape)
  switch (kernel) {
    case 'BatchMatMul':
    case '_FusedMatMul': {
      const depth = operands['a']?.shape.at(attributes['transposeA'] === true ? -2 : -1) ?? 1
      return nanoseconds.product * out * depth
    }
    case 'Conv2D':
    case 'FusedConv2D':
      return nanoseconds.product * out * taps(operands['filter']?.shape)
    case 'Conv2DBackpropInput':
      return nanoseconds.product * size('dy') * taps(operands['filter']?.shape)
    case 'Conv2DBackpropFilter':
      return nanoseconds.buffer * size('dy') * taps(result.shape)
    case 'DepthwiseConv2dNative':
      return nanoseconds.window * out * area(operands['filter']?.shape)
    case 'DepthwiseConv2dNativeBackpropInput':
      return nanoseconds.window * size('dy') * area(operands['filter']?.shape)
    case 'DepthwiseConv2dNativeBackpropFilter':
      return nanoseconds.buffer * size('dy') * area(result.shape)
    case 'MaxPoolGrad':
    case 'AvgPoolGrad':
      return nanoseconds.pooled * out * window(attributes['filterSize'])
    case 'MaxPool':
    case 'AvgPool':
      return nanoseconds.window * out * window(attributes['filterSize'])
    case 'UnsortedSegmentSum':
      return (result.shape[0] ?? 0) * (nanoseconds.segment + nanoseconds.segmented * size('x'))
    default:
      return 0
  }
}

// Filters are [height, width, in, out].
const taps = (filter: Shape = []): number => sizeOf(filter.slice(0, 3))
const area = (filter: Shape = []): number => sizeOf(filter.slice(0, 2))

function window(size: unknown): number {
  if (typeof size === 'number') return size * size
  return Array.isArray(size) ? sizeOf(size.filter((extent) => typeof extent === 'number')) : 1
}
