// Integer weights as ONNX's DequantizeLinear takes them. Comes in: where blocks lie. Goes out: operators and
// constants that make the weights, bytes of their integers; and weights of those again.
// Source: the ONNX specification of DequantizeLinear, opset 21 (blocks along one axis), and of INT4 in
// TensorProto (the first of two in the low nibble).

import type { BlockLayout, Shape } from '@lotion/core'
import type { OnnxNode, OnnxType } from '@lotion/core/internal'

/** How an operator reads blocks. */
export interface DequantizeForm {
  /** Of the integers, and of what the operator makes of them. */
  readonly shape: Shape
  /** Of the scales; [] is one for all. */
  readonly scales: Shape
  /** Along which scales or blocks follow each other; absent for one scale. */
  readonly axis?: number
  /** Weights a block; absent where there is one scale for each place along the axis. */
  readonly size?: number
}

/** Say how DequantizeLinear reads weights of a layout; their own shape is the form's, or follows it. */
function dequantizeForm(own: Shape, layout: BlockLayout): DequantizeForm {
  const { outer, length, inner, size, blocks } = layout
  if (blocks === 1) return { shape: own, scales: [] }
  const shape = inner === 1 ? [outer, length] : outer === 1 ? [length, inner] : [outer, length, inner]
  const whole = size >= length
  if (whole && inner === 1) return { shape, scales: [outer], axis: 0 }
  if (whole && outer === 1) return { shape, scales: [inner], axis: 1 }
  const axis = inner > 1 && outer === 1 ? 0 : 1
  return { shape, scales: shape.with(axis, Math.ceil(length / size)), axis, size }
}

/** A constant of a graph, without its data. */
export interface DequantizeConstant {
  readonly name: string
  readonly dtype: OnnxType
  readonly shape: Shape
}

/** What makes a weight. */
export interface DequantizeParts {
  readonly integers: DequantizeConstant
  readonly scales: DequantizeConstant
  /** The weight's extents as int64, where the operator makes others. */
  readonly extents?: DequantizeConstant & { readonly data: BigInt64Array }
  readonly nodes: readonly OnnxNode[]
}

/**
 * Name what makes a weight of integers and scales. Names of the graph's own begin with `/`.
 * @param name Of the weight, which the last operator's output gets.
 */
export function dequantizeParts(
  name: string,
  shape: Shape,
  layout: BlockLayout,
  bits: 4 | 8,
): DequantizeParts {
  const form = dequantizeForm(shape, layout)
  const integers = {
    name: `${name}.integers`,
    dtype: bits === 4 ? 'int4' : 'int8',
    shape: form.shape,
  } as const
  const scales = { name: `${name}.scales`, dtype: 'float32', shape: form.scales } as const
  const isShaped = form.shape.join() === shape.join()
  const product: OnnxNode = {
    op: 'DequantizeLinear',
    domain: '',
    inputs: [integers.name, scales.name],
    outputs: [isShaped ? name : `/${name}.blocks`],
    attributes: {
      ...(form.axis === undefined ? {} : { axis: { int: form.axis } }),
      ...(form.size === undefined ? {} : { block_size: { int: form.size } }),
    },
  }
  if (isShaped) return { integers, scales, nodes: [product] }
  const extents = {
    name: `/${name}.shape`,
    dtype: 'int64',
    shape: [shape.length],
    data: BigInt64Array.from(shape, BigInt),
  } as const
  const inputs = [product.outputs[0]!, extents.name]
  const reshape: OnnxNode = { op: 'Reshape', domain: '', inputs, outputs: [name], attributes: {} }
  return { integers, scales, extents, nodes: [product, reshape] }
}

/** Bytes that integers take. */
export const integerBytes = (bits: 4 | 8, count: number): number => Math.ceil((bits * count) / 8)

/** Pack integers of two's complement, as raw data of a tensor. */
export function packIntegers(bits: 4 | 8, integers: Int8Array): Uint8Array {
  if (bits === 8) return new Uint8Array(integers.buffer, integers.byteOffset, integers.length)
  const bytes = new Uint8Array(integerBytes(bits, integers.length))
  integers.forEach((integer, i) => (bytes[i >> 1]! |= (integer & 15) << (4 * (i & 1))))
  return bytes
}

/** Read integers again. @param count How many there are. */
export function unpackIntegers(bits: 4 | 8, bytes: Uint8Array, count: number): Int8Array {
  if (bits === 8) return new Int8Array(bytes.buffer, bytes.byteOffset, count)
  // Shifted up and down again, the highest bit of a nibble becomes the sign.
  return Int8Array.from({ length: count }, (_, i) => (bytes[i >> 1]! << (28 - 4 * (i & 1))) >> 28)
}

/**
 * Dequantize as the operator does: integer · scale, rounded to f32.
 * @param form Its shape has as many places as there are integers.
 */
export function dequantizeIntegers(
  { shape, axis, size }: DequantizeForm,
  integers: Int8Array,
  scales: Float32Array,
): Float32Array {
  if (axis === undefined) return Float32Array.from(integers, (integer) => integer * scales[0]!)
  const length = shape[axis]!
  const inner = shape.slice(axis + 1).reduce((product, extent) => product * extent, 1)
  const blocks = size === undefined ? length : Math.ceil(length / size)
  return Float32Array.from(integers, (integer, i) => {
    const lane = i % inner
    const line = (i - lane) / inner
    const at = line % length
    if (size === undefined) return integer * scales[at]!
    const outer = (line - at) / length
    return integer * scales[(outer * blocks + Math.floor(at / size)) * inner + lane]!
  })
}
