// Number formats as records, and what is computed from them. Comes in: grid, scale rule, block. Goes out: a
// format.
// Source: docs/design/03-formats-and-methods.md.

import {
  blockOf,
  layoutOf,
  sizeOf,
  type Block,
  type BlockAxis,
  type NumberFormat,
  type ScaleRule,
  type Shape,
} from '@lotion/core'
import { blockName, checkRecord } from '@lotion/core/internal'
import { absmax } from './absmax.js'
import { topPoint } from './top-point.js'

const optionNames = {
  name: 'string',
  grid: 'object',
  bits: 'number or undefined',
  scale: 'object or undefined',
  block: 'object or undefined',
  standardBlock: 'object or undefined',
  packing: 'object or undefined',
} as const

/**
 * Make a format. Defaults: as many bits as the grid needs, absmax scale, the blocks of its standard, else
 * of 32. The record is frozen.
 * @param format A name and a grid; what differs from the defaults besides.
 * @throws TypeError if a key is unknown or a member not of its type; RangeError unless the grid has at least
 * 2 points, finite, ascending, the last of them above 0.
 * @example
 * ```ts
 * import { blockOf } from '@lotion/core'
 * import { absmax, bitsPerWeight, defineFormat, intGrid } from '@lotion/formats'
 *
 * const int5 = defineFormat({ name: 'int5', grid: intGrid(5), scale: absmax, block: blockOf(32) })
 * console.log(bitsPerWeight(int5, [1024])) // the scales count
 * ```
 */
export function defineFormat(
  format: Pick<NumberFormat, 'name' | 'grid'> &
    Partial<Pick<NumberFormat, 'bits' | 'scale' | 'block' | 'standardBlock' | 'packing'>>,
): NumberFormat {
  checkRecord('defineFormat', format, optionNames)
  const { points } = format.grid
  if (points.length < 2)
    throw new RangeError(`${format.name}: grid: expected at least 2 points, found ${points.length}`)
  const bad = points.findIndex((point, i) => !Number.isFinite(point) || !(i === 0 || points[i - 1]! < point))
  if (bad >= 0)
    throw new RangeError(
      `${format.name}: grid: expected finite points in ascending order, found ${points[bad]} at position ${bad}`,
    )
  if (!(points.at(-1)! > 0))
    throw new RangeError(`${format.name}: grid: expected a largest point above 0, found ${points.at(-1)}`)
  return Object.freeze({
    bits: Math.ceil(Math.log2(points.length)),
    scale: absmax,
    block: format.standardBlock ?? blockOf(32),
    ...format,
  })
}

/**
 * The same format with other blocks.
 * @param format Stays as it is.
 * @param block What shares a scale: the tensor, a row, or so many weights.
 * @example
 * ```ts
 * import { blockOf } from '@lotion/core'
 * import { int4, withBlock } from '@lotion/formats'
 *
 * console.log(withBlock(int4, blockOf(64)).block)
 * ```
 */
export function withBlock(format: NumberFormat, block: Block): NumberFormat {
  return Object.freeze({ ...format, block })
}

/**
 * The same format with another scale rule.
 * @param format Stays as it is.
 * @param scale How a block's scale follows from its weights.
 * @example
 * ```ts
 * import { e8m0Ceil, int4, withScale } from '@lotion/formats'
 *
 * console.log(withScale(int4, e8m0Ceil).scale.name)
 * ```
 */
export function withScale(format: NumberFormat, scale: ScaleRule): NumberFormat {
  return Object.freeze({ ...format, scale })
}

/** The largest grid point: what a block's maximum is scaled to. */
export function topOf(format: NumberFormat): number {
  return topPoint(format.grid)
}

/**
 * Average bits a weight, scales included, for a parameter of the given shape ([] is a single weight); without
 * one, of a very large one.
 * @param format Its codes and its scales count.
 * @param shape Extents of the parameter; short last blocks have a scale of their own.
 * @param axis What blocks run along. Of no effect without a shape.
 * @example
 * ```ts
 * import { bitsPerWeight, mxfp4 } from '@lotion/formats'
 *
 * console.log(bitsPerWeight(mxfp4, [4096, 4096])) // 4.25
 * ```
 */
export function bitsPerWeight(format: NumberFormat, shape?: Shape, axis: BlockAxis = -1): number {
  const { bits, scale, block } = format
  if (shape === undefined) return bits + (block.kind === 'size' ? scale.bits / block.size : 0)
  const scales = scale.bits * layoutOf(shape, block, axis).blocks + (scale.tensorBits ?? 0)
  return bits + scales / sizeOf(shape)
}

/** A standard's name stands for its blocks: with others it is not the standard, whatever its name. */
export function isStandard({ block, standardBlock }: NumberFormat): boolean {
  return standardBlock === undefined || blockName(block) === blockName(standardBlock)
}
