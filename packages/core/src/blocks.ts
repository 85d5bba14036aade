// How a tensor's weights are grouped into blocks that share a scale.
// Comes in: a shape, a block, an axis or a run of axes. Goes out: a layout that executors loop over.
// Source: docs/design/02-lanes.md; blocks run along the reduction axis, as MX, NVFP4 and GGUF runtimes
// expect.

import type { Shape } from './contracts.js'

/** Weights that share a scale: `size` along the axis, a whole row along it, or the whole tensor. */
export type Block =
  | {
      /** A number of weights along the axis. */
      readonly kind: 'size'
      /** Weights a block, at least 1; what is left of a row is a shorter block. */
      readonly size: number
    }
  | {
      /** All weights along the axis. */
      readonly kind: 'row'
    }
  | {
      /** All weights of the tensor. */
      readonly kind: 'tensor'
    }

/**
 * What blocks run along: an axis, or the first and last of adjacent axes that are seen as one, slowest first.
 * −1 is the last axis. A convolution [h, w, in, out] has its reduction along [0, 2], one stored [out, in, h,
 * w] along [1, 3].
 */
export type BlockAxis = number | readonly [first: number, last: number]

/**
 * Where blocks lie in memory. Weight (o, k, i) stands at (o · length + k) · inner + i; block b of a line (o,
 * i) holds k = b · size … min((b + 1) · size, length) − 1, so the last block of a line may be shorter.
 * Blocks are numbered o-major, then b, then i.
 */
export interface BlockLayout {
  /** Product of the extents before the axis. */
  readonly outer: number
  /** Weights along the axis; several axes count as one. */
  readonly length: number
  /** Product of the extents behind the axis: the distance between neighbours along it. */
  readonly inner: number
  /** Weights a block, at most `length`. */
  readonly size: number
  /** Number of blocks. */
  readonly blocks: number
}

/**
 * Blocks of n weights along the axis.
 * @param size Weights a block, at least 1. A last block of a line may be shorter.
 * @throws RangeError if n is not a positive whole number.
 */
export function blockOf(size: number): Block {
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`block: expected a positive whole number, 'row' or 'tensor', found ${size}`)
  }
  return Object.freeze({ kind: 'size', size })
}

/** One block a row: all weights along the axis. */
export const perRow: Block = Object.freeze({ kind: 'row' })

/** One block for the whole tensor. */
export const perTensor: Block = Object.freeze({ kind: 'tensor' })

/**
 * Count the elements of a shape.
 * @param shape Extents, whole and at least 0; `[]` is one value.
 * @throws RangeError if an extent is no whole number of at least 0.
 */
export function sizeOf(shape: Shape): number {
  if (!shape.every((extent) => Number.isInteger(extent) && extent >= 0)) {
    throw new RangeError(
      `shape: expected whole extents of at least 0, found [${shape.map(String).join(', ')}]`,
    )
  }
  return shape.reduce((product, extent) => product * extent, 1)
}

/**
 * Lay blocks over a shape. Axes count from the end if negative; −1 suits a linear layer stored [out, in].
 * Several axes are one of their product: [0, 2] of [h, w, in, out] is axis 0 of [h · w · in, out].
 * @param shape Extents of the weights; `[]` is one block of one weight.
 * @param block What shares a scale: the tensor, a row, or so many weights.
 * @param axis What blocks run along: one axis, or several that are adjacent. Of no effect for the whole
 * tensor.
 * @throws RangeError if an axis does not exist, or the last of several stands before the first.
 * @example
 * ```ts
 * import { blockOf, layoutOf } from '@lotion/core'
 *
 * console.log(layoutOf([2, 64], blockOf(32)).blocks) // 4
 * console.log(layoutOf([64, 2], blockOf(32), 0).blocks) // 4, along the first axis
 * ```
 */
export function layoutOf(shape: Shape, block: Block, axis: BlockAxis = -1): BlockLayout {
  if (block.kind === 'tensor' || shape.length === 0) return flatLayout(sizeOf(shape))
  const [first, last] = axesOf(shape, axis)
  const length = sizeOf(shape.slice(first, last + 1))
  const outer = sizeOf(shape.slice(0, first))
  const inner = sizeOf(shape.slice(last + 1))
  const size = block.kind === 'row' ? length : Math.min(block.size, length)
  return Object.freeze({
    outer,
    length,
    inner,
    size,
    blocks: length > 0 ? outer * Math.ceil(length / size) * inner : 0,
  })
}

/**
 * First and last axis of a run, counted from the start of the shape.
 * @throws if an axis does not exist, or the last of several stands before the first.
 */
export function axesOf(shape: Shape, axis: BlockAxis): readonly [first: number, last: number] {
  const [first, last] = (typeof axis === 'number' ? [axis, axis] : axis).map((at) =>
    at < 0 ? shape.length + at : at,
  )
  const exists = (at: number | undefined): at is number => at !== undefined && shape[at] !== undefined
  if (exists(first) && exists(last) && first <= last) return [first, last]
  const expected = `from ${-shape.length} to ${shape.length - 1} for shape [${shape.join(', ')}]`
  throw new RangeError(
    typeof axis === 'number'
      ? `axis: expected a whole number ${expected}, found ${axis}`
      : `axis: expected first and last axis ${expected}, found ${axisName(axis)}`,
  )
}

/** The layout of n weights in a single block: what per-weight formulas without a block run over. */
export function flatLayout(length: number): BlockLayout {
  return Object.freeze({ outer: 1, length, inner: 1, size: length, blocks: length > 0 ? 1 : 0 })
}

/** Count the weights of a layout. */
export function weightsOf({ outer, length, inner }: BlockLayout): number {
  return outer * length * inner
}

/** Parse a block as people write it: a number of weights, `row` or `tensor`. */
export function parseBlock(text: string | number): Block {
  if (text === 'row') return perRow
  if (text === 'tensor') return perTensor
  const size = Number(text)
  if (text === '' || !Number.isInteger(size) || size < 1) {
    throw new RangeError(`block: expected a positive whole number, 'row' or 'tensor', found '${text}'`)
  }
  return blockOf(size)
}

/** Write a block as people read it. */
export function blockName(block: Block): string {
  return block.kind === 'size' ? String(block.size) : block.kind
}

/** Parse an axis as people write it: a whole number, or a run: `0..2`; `1..` ends with the last axis. */
export function parseAxis(text: string): BlockAxis {
  const run = /^(-?\d+)?\.\.(-?\d+)?$/.exec(text)
  if (run && text !== '..') return [Number(run[1] ?? 0), Number(run[2] ?? -1)]
  if (/^-?\d+$/.test(text)) return Number(text)
  throw new RangeError(
    `axis: expected a whole number, or first and last of several axes such as 0..2 or 1.., found '${text}'`,
  )
}

/** Write an axis as `parseAxis` reads it. */
export function axisName(axis: BlockAxis): string {
  return typeof axis === 'number' ? String(axis) : `${axis[0]}..${axis[1]}`
}
