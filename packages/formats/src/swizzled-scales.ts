// The order in which Blackwell tensor cores read block scales. Comes in: a layout. Goes out: places of
// scales.
// Source: cuBLAS documentation, "1D block scaling factors layout": tiles of 128 rows × 4 blocks, padded with
// zeros.

import type { BlockLayout } from '@lotion/core'
import type { ScalePlacement } from './packing.js'

/**
 * Place the scale of row r, block c at tile (⌊r / 128⌋, ⌊c / 4⌋), there at (r mod 32) · 16 + ⌊r mod 128 /
 * 32⌋ · 4 + c mod 4. Rows and blocks are padded to whole tiles, so more bytes may be written than scales
 * exist.
 * @throws unless blocks run along the last axis.
 */
export function swizzledScales({ outer, length, inner, size }: BlockLayout): ScalePlacement {
  if (inner !== 1) throw new RangeError('layout: expected blocks along the last axis for swizzled scales')
  const columns = Math.ceil(length / size)
  const tiles = Math.ceil(columns / 4)
  return {
    places: Math.ceil(outer / 128) * tiles * 512,
    at: (block) => {
      const [row, column] = [Math.floor(block / columns), block % columns]
      const tile = Math.floor(row / 128) * tiles + Math.floor(column / 4)
      return tile * 512 + (row % 32) * 16 + Math.floor((row % 128) / 32) * 4 + (column % 4)
    },
  }
}
