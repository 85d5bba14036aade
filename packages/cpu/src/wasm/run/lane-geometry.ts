// How a layout is cut into units of work for kernels. Comes in: a block layout. Goes out: the words of a
// kernel's record, and what a range of units covers. Source: docs/design/07-cpu.md.

import type { BlockLayout } from '@lotion/core'
import { SUM_CHUNK } from '@lotion/core/internal'
import { STRIP } from '../emit/kernel-record.js'

/** A run of weights as a kernel sees it. Offsets count from the first weight of the arrays. */
export interface Geometry {
  readonly blocks: 'along' | 'across'
  /** First weight. */
  readonly from: number
  readonly length: number
  readonly size: number
  readonly perLine: number
  readonly inner: number
  readonly strips: number
  readonly units: number
  /** Weights of a unit, at most. */
  readonly weightsPerUnit: number
}

/** Units of whole blocks. */
export function blockGeometry(layout: BlockLayout): Geometry {
  const { outer, length, inner, size } = layout
  if (layout.blocks === 0) return flatGeometry(0, 0)
  if (inner > 1) {
    const [perLine, strips] = [Math.ceil(length / size), Math.ceil(inner / STRIP)]
    const units = outer * perLine * strips
    return {
      blocks: 'across',
      from: 0,
      length,
      size,
      perLine,
      inner,
      strips,
      units,
      weightsPerUnit: size * Math.min(inner, STRIP),
    }
  }
  // Lines of whole blocks are one long line.
  const line = length % size === 0 ? outer * length : length
  const perLine = Math.ceil(line / size)
  const units = line === length ? outer * perLine : perLine
  return {
    blocks: 'along',
    from: 0,
    length: line,
    size,
    perLine,
    inner: 1,
    strips: 1,
    units,
    weightsPerUnit: size,
  }
}

/** Units of a sum's chunk each, for what does not depend on blocks. */
export function flatGeometry(from: number, count: number): Geometry {
  const units = Math.ceil(count / SUM_CHUNK)
  return {
    blocks: 'along',
    from,
    length: count,
    size: SUM_CHUNK,
    perLine: units,
    inner: 1,
    strips: 1,
    units,
    weightsPerUnit: SUM_CHUNK,
  }
}

/** Position of the first result of a unit: one a block. */
export function firstBlock({ inner, strips }: Geometry, unit: number): number {
  return Math.floor(unit / strips) * inner + (unit % strips) * STRIP
}

/** The first weight of a unit of neighbours, counted from the first of the arrays. */
export function firstWeight({ from, length, size, perLine }: Geometry, unit: number): number {
  return from + Math.floor(unit / perLine) * length + (unit % perLine) * size
}
