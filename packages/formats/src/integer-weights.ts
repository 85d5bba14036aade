// Weights as integers times a scale in f32, for runtimes whose formula for any format is that one product.
// Comes in: a format; grid points and scales. Goes out: integers and scales whose products, rounded to f32,
// are the weights. Source: ONNX's DequantizeLinear, without a zero point.

import type { NumberFormat } from '@lotion/core'
import { eachBlock, weightsOf } from '@lotion/core/internal'
import type { Quantized } from './quantize.js'

/** What the points of a format are as integers. */
export interface IntegerPoints {
  /** Fewest bits of two's complement that hold them all: 4 or 8. */
  readonly bits: 4 | 8
  /** A power of two: point = integer · unit. */
  readonly unit: number
}

/** Integers, one a weight, and scales, one a block: weight = integer · scale, rounded to f32. */
export interface IntegerWeights {
  readonly integers: Int8Array
  readonly scales: Float32Array
}

/** Finest unit that is tried: integers of 8 bits have no use for a finer one. */
const FINEST = 2 ** -24

/**
 * Say which integers the points of a format are, all in one unit: E2M1's are ±0 … ±12 halves.
 * @returns `undefined` if integers of 8 bits are too few, as for fp8 and nf4.
 */
export function integerPoints({ grid }: Pick<NumberFormat, 'grid'>): IntegerPoints | undefined {
  const { points } = grid
  const isUnit = (unit: number) => points.every((point) => Number.isInteger(point / unit))
  let unit = 1
  while (!isUnit(unit) && unit > FINEST) unit /= 2
  if (!isUnit(unit)) return undefined
  while (points.some((point) => point !== 0) && isUnit(2 * unit)) unit *= 2
  const fits = (bits: number) =>
    points.every((point) => point / unit >= -(2 ** (bits - 1)) && point / unit < 2 ** (bits - 1))
  return fits(4) ? { bits: 4, unit } : fits(8) ? { bits: 8, unit } : undefined
}

/**
 * Write weights as integers and scales.
 * @param what Names the weights in errors.
 * @param quantized Grid points, and a scale for each block.
 * @param points Of their format.
 * @throws RangeError if a product is not the weight, as where a scale is too small to be divided by the unit.
 */
export function integerWeights(
  what: string,
  { layout, values, scales, tensorScale }: Quantized,
  { unit }: IntegerPoints,
): IntegerWeights {
  if (scales.length !== layout.blocks)
    throw new RangeError(`${what}: expected ${layout.blocks} scales, one a block, found ${scales.length}`)
  const integers = new Int8Array(weightsOf(layout))
  const found = new Float32Array(layout.blocks)
  let off = 0
  eachBlock(layout, (block, base, count, stride) => {
    const scale = Math.fround(scales[block]! * tensorScale)
    const folded = Math.fround(scale * unit)
    found[block] = folded
    for (let k = 0, i = base; k < count; k++, i += stride) {
      const integer = values[i]! / unit
      integers[i] = integer
      const product = Math.fround(integer * folded)
      if (integers[i] !== integer || product !== Math.fround(values[i]! * scale)) off++
    }
  })
  if (off > 0)
    throw new RangeError(
      `${what}: expected weights that are integers of 8 bits times a scale in f32, found ${off} of ${integers.length} that are not; ` +
        'their scales are below what f32 holds with all bits',
    )
  return { integers, scales: found }
}
