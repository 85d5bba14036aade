// Types of GGUF that hold weights of a format exactly. Comes in: a grid, a shape. Goes out: the type and its
// packing, or what would be lost.
// Source: ggml's block_q4_0, block_q8_0 and block_mxfp4.

import { layoutOf, type NumberFormat, type Shape } from '@lotion/core'
import { eachBlock } from '@lotion/core/internal'
import { blockOf } from '@lotion/core'
import { ggufMxfp4, packingOf, q4_0, q8_0, type Packing, type Quantized } from '@lotion/formats'
import { formatTitle } from '@lotion/formats/internal'
import type { ExportGrid } from '../export-model.js'

/** Weights that share a scale in each of the types. */
const BLOCK = 32

/** A type whose blocks the packing of a format writes. */
interface BlockType {
  /** As ggml calls it. */
  readonly type: string
  readonly format: NumberFormat
  readonly packing: Packing
}

const blockType = (type: string, format: NumberFormat): BlockType =>
  Object.freeze({ type, format, packing: packingOf(format) })

/** The smallest first: what fits several is written in the first. */
const blockTypes: readonly BlockType[] = Object.freeze([
  blockType('MXFP4', ggufMxfp4),
  blockType('Q4_0', q4_0),
  blockType('Q8_0', q8_0),
])

/**
 * Find the type that holds a weight: it has codes for all points, a scale of the same number type, and each
 * of its blocks lies within one of the format's. Blocks that are larger have their scale repeated.
 * @throws RangeError naming the weight, its format, the formats that are held, and what would be lost.
 */
export function blockTypeOf(name: string, shape: Shape, { format, axis }: ExportGrid): BlockType {
  const withCodes = blockTypes.filter(({ format: { packing } }) =>
    format.grid.points.every((point) => packing!.codes.table.includes(Math.fround(point))),
  )
  const { stored, tensorBits } = format.scale
  const found = withCodes.find(({ format: { scale } }) => tensorBits === undefined && scale.stored === stored)
  const layout = layoutOf(shape, format.block, axis)
  const isWhole = [shape.at(-1)!, layout.length, layout.size].every((extent) => extent % BLOCK === 0)
  const isAlong = layout.inner === 1 && isWhole
  if (found && isAlong) return found
  const lost =
    withCodes.length === 0
      ? 'none of which has codes for its points'
      : !found
        ? `whose scales (${stored ?? 'fixed'}${tensorBits === undefined ? '' : ', and one a tensor'}) would be rounded`
        : `whose blocks are not whole blocks of ${BLOCK} weights along rows of [${shape.join(', ')}]`
  const held = blockTypes.map((each) => `${each.format.name} (${each.type})`).join(', ')
  throw new RangeError(
    `${name}: expected a format that GGUF holds: ${held}, or one with their points and scales, found ${formatTitle(format)}, ${lost}; ` +
      'cast the trained weights to one of these, or write the same numbers unpacked',
  )
}

/** Bytes of a weight, row by row. */
export function packed({ packing }: BlockType, quantized: Quantized, shape: Shape): Uint8Array {
  const layout = layoutOf(shape, blockOf(BLOCK))
  const scales = new Float32Array(layout.blocks)
  eachBlock(quantized.layout, (block, base, count) =>
    scales.fill(quantized.scales[block]!, base / BLOCK, (base + count) / BLOCK),
  )
  return packing.pack({ layout, values: quantized.values, scales, tensorScale: 1 })['blocks']!
}
