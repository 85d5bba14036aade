// Which weights of an export lie on grids, for this project's own readers. Comes in: tensors of a model. Goes
// out: metadata of a safetensors file: other loaders pass over them.

import { gridMetadata, gridRecord, type GridRecord } from '@lotion/checkpoints/bytes'
import type { BlockAxis } from '@lotion/core'
import type { ExportTensor } from './export-model.js'

/** Write down the grids of those that have one, along the axes of the file. */
export function gridRecords(tensors: readonly ExportTensor[]): Readonly<Record<string, string>> {
  const grids = new Map<string, GridRecord>()
  for (const { name, grid, shape, transposed = false } of tensors)
    if (grid)
      grids.set(name, gridRecord(grid.format, transposed ? turned(grid.axis, shape.length) : grid.axis))
  return grids.size === 0 ? {} : gridMetadata(grids)
}

/** The same axis of a tensor whose axes are the other way round. */
function turned(axis: BlockAxis, rank: number): BlockAxis {
  const at = (place: number): number => (place < 0 ? -1 - place : rank - 1 - place)
  if (typeof axis === 'number') return at(axis)
  return [at(axis[1]), at(axis[0])]
}
