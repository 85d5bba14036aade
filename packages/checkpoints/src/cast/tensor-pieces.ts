// A tensor's blocks in runs that fit into little memory. Comes in: a layout of blocks. Goes out: pieces, each
// with a layout of its own. Blocks lie in memory one run of `size · inner` weights after the other
// (packages/core/src/blocks.ts): between two runs a tensor can be cut, and the blocks of the pieces are those
// of the tensor, in the same order.

import type { BlockLayout } from '@lotion/core'

/** Weights of a piece, about. */
export const PIECE_WEIGHTS = 2 ** 20

/** A run of a tensor's weights. */
export interface Piece {
  /** The first weight. */
  readonly first: number
  readonly count: number
  /** Of the piece alone. */
  readonly layout: BlockLayout
  /** The block of the tensor that its weights are a part of, where that is larger than a piece. */
  readonly partOf?: number
}

/** Rows of a tile of scales: pieces of so many rows can be put into tiles one by one. */
const TILE_ROWS = 128
/** Runs whose codes fill whole bytes, however many bits one has. */
const WHOLE_BYTES = 8

/**
 * Cut a tensor. Pieces come in the order of memory, and are at most some times larger than `most` weights
 * where blocks allow it.
 */
export function piecesOf(layout: BlockLayout, most = PIECE_WEIGHTS): readonly Piece[] {
  const { outer, length, inner, size } = layout
  const line = length * inner
  const weights = outer * line
  if (weights <= most) return [{ first: 0, count: weights, layout }]
  if (inner === 1 && size > most) return partsOf(layout, most)
  if (line <= most) {
    const grain = TILE_ROWS * line <= 8 * most ? TILE_ROWS : WHOLE_BYTES
    const rows = grain * Math.max(1, Math.floor(most / (grain * line)))
    return cut(outer, rows).map(([first, count]) => ({
      first: first * line,
      count: count * line,
      layout: laid(count, length, inner, size),
    }))
  }
  const runs = Math.max(1, Math.floor(most / (size * inner)))
  const wanted = size * (runs < WHOLE_BYTES ? runs : runs - (runs % WHOLE_BYTES))
  return cut(outer, 1).flatMap(([o]) =>
    cut(length, wanted).map(([k, count]) => ({
      first: o * line + k * inner,
      count: count * inner,
      layout: laid(1, count, inner, size),
    })),
  )
}

/** Cut blocks that are larger than a piece: each part is a block of its own and names its whole. */
function partsOf({ outer, length, size }: BlockLayout, most: number): readonly Piece[] {
  const perLine = Math.ceil(length / size)
  return cut(outer, 1).flatMap(([o]) =>
    cut(length, size).flatMap(([start, all], b) =>
      cut(all, most).map(([k, count]) => ({
        first: o * length + start + k,
        count,
        layout: laid(1, count, 1, count),
        partOf: o * perLine + b,
      })),
    ),
  )
}

function laid(outer: number, length: number, inner: number, size: number): BlockLayout {
  return Object.freeze({ outer, length, inner, size, blocks: outer * Math.ceil(length / size) * inner })
}

/** Cut `length` into runs of at most `most`: first and count of each. */
function cut(length: number, most: number): readonly (readonly [number, number])[] {
  return Array.from({ length: Math.ceil(length / most) }, (_, i) => [
    i * most,
    Math.min(most, length - i * most),
  ])
}
