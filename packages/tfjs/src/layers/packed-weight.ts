// A weight as bytes of codes and scales that a small loader multiplies. Comes in: points of a grid and
// scales. Goes out: positions in the list of points, packed; and weights of those again.
// Source: `Quantized` of @lotion/formats: weight = point · (block scale · tensor scale), each rounded to f32.

import { layoutOf, sizeOf, type BlockAxis, type NumberFormat, type Shape } from '@lotion/core'
import { blockName, eachBlock, parseBlock } from '@lotion/core/internal'
import type { Quantized } from '@lotion/formats'

/** How a packed weight is described in model.json. */
export interface PackedWeight {
  readonly name: string
  readonly shape: Shape
  /** For people. */
  readonly format: string
  /** Weights that share a scale: a number, `row`, `tensor`. */
  readonly block: string
  readonly axis: BlockAxis
  /** Of a code: 4, the first of two in the low half of a byte, or 8. */
  readonly bits: 4 | 8
  /** What codes stand for, in order. */
  readonly points: readonly number[]
}

/** A weight in bytes. */
export interface PackedBytes {
  readonly codes: Uint8Array
  readonly scales: Float32Array<ArrayBuffer>
}

/** Bytes that codes take. */
const codeBytes = (bits: 4 | 8, count: number): number => Math.ceil((bits * count) / 8)

/** Describe a weight of a format. @throws RangeError if it has more points than there are codes. */
export function describeWeight(
  name: string,
  shape: Shape,
  { name: format, grid, block }: NumberFormat,
  axis: BlockAxis,
): PackedWeight {
  const { points } = grid
  if (points.length > 256)
    throw new RangeError(
      `'${name}': expected a format of at most 256 points, found ${format} of ${points.length}`,
    )
  const bits = points.length > 16 ? 8 : 4
  return {
    name,
    shape,
    format,
    block: blockName(block),
    axis,
    bits,
    points: points.map((point) => point + 0),
  }
}

/** Pack points and scales. @throws RangeError for a value that is no point. */
export function packWeight({ name, bits, points }: PackedWeight, quantized: Quantized): PackedBytes {
  const places = new Map(points.map((point, code) => [point, code]))
  const { values } = quantized
  const codes = new Uint8Array(codeBytes(bits, values.length))
  for (let i = 0; i < values.length; i++) {
    const code = places.get(values[i]! + 0)
    if (code === undefined)
      throw new RangeError(`'${name}': expected points of the grid, found ${values[i]} at ${i}`)
    if (bits === 8) codes[i] = code
    else codes[i >> 1]! |= code << (4 * (i & 1))
  }
  return {
    codes,
    scales: Float32Array.from(quantized.scales, (scale) => scale * quantized.tensorScale),
  }
}

/** Make weights of codes and scales, bit for bit those of the cast, but for the sign of zeros. */
export function unpackWeight(
  { shape, block, axis, bits, points }: PackedWeight,
  { codes, scales }: PackedBytes,
): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(sizeOf(shape))
  const codeAt = bits === 8 ? (i: number) => codes[i]! : (i: number) => (codes[i >> 1]! >> (4 * (i & 1))) & 15
  eachBlock(layoutOf(shape, parseBlock(block), axis), (b, base, count, stride) => {
    for (let k = 0, i = base; k < count; k++, i += stride) weights[i] = points[codeAt(i)]! * scales[b]!
  })
  return weights
}
