// How a tensor's weights are grouped into blocks that share a scale.
// Comes in: a shape, a block, an axis. Goes out: a layout that executors loop over.
// Source: docs/design/02-lanes.md; blocks run along the reduction axis, as MX, NVFP4 and GGUF runtimes expect.

import type { Shape } from './contracts.js'

/** Weights that share a scale: `size` along the axis, a whole row along it, or the whole tensor. */
export type Block =
  | { readonly kind: 'size'; readonly size: number }
  | { readonly kind: 'row' }
  | { readonly kind: 'tensor' }

/**
 * Where blocks lie in memory. Weight (o, k, i) stands at (o · length + k) · inner + i; block b of a line (o, i)
 * holds k = b · size … min((b + 1) · size, length) − 1, so the last block of a line may be shorter.
 * Blocks are numbered o-major, then b, then i.
 */
export interface BlockLayout {
  readonly outer: number
  readonly length: number
  readonly inner: number
  readonly size: number
  /** Number of blocks. */
  readonly blocks: number
}

/** Blocks of n weights along the axis. @throws if n is not a positive whole number. */
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

/** Count the elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1)
}

/**
 * Lay blocks over a shape. `axis` counts from the end if negative; −1 suits a linear layer stored [out, in].
 * @throws if the axis does not exist.
 */
export function layoutOf(shape: Shape, block: Block, axis = -1): BlockLayout {
  if (block.kind === 'tensor' || shape.length === 0) return flatLayout(sizeOf(shape))
  const at = axis < 0 ? shape.length + axis : axis
  const length = shape[at]
  if (length === undefined || !Number.isInteger(axis)) {
    throw new RangeError(
      `axis: expected a whole number from ${-shape.length} to ${shape.length - 1} for shape [${shape.join(', ')}], found ${axis}`,
    )
  }
  const outer = sizeOf(shape.slice(0, at))
  const inner = sizeOf(shape.slice(at + 1))
  const size = block.kind === 'row' ? length : Math.min(block.size, length)
  return Object.freeze({
    outer,
    length,
    inner,
    size,
    blocks: length > 0 ? outer * Math.ceil(length / size) * inner : 0,
  })
}

/** The layout of n weights in a single block: what per-weight formulas without a block run over. */
export function flatLayout(length: number): BlockLayout {
  return Object.freeze({ outer: 1, length, inner: 1, size: length, blocks: length > 0 ? 1 : 0 })
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
