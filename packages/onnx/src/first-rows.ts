// Part of the first-step check: a smaller batch of the same kind, for steps whose whole batch would take long
// to check. Comes in: a batch, a number of rows. Goes out: the first rows of every array, or nothing if the
// arrays do not share a first axis.

import type { Batch, HostArray } from '@lotion/core'

/** Count the rows of a batch: the first extent of all its arrays; undefined where they differ. */
export function rowsOf(batch: Batch): number | undefined {
  const extents = new Set(Object.values(batch).map(({ shape }) => shape[0]))
  return extents.size === 1 ? [...extents][0] : undefined
}

/** Cut every array of a batch to its first rows. */
export const firstRows = (batch: Batch, rows: number): Batch =>
  Object.fromEntries(
    Object.entries(batch).map(([name, { data, shape }]): [string, HostArray] => {
      const [all = 0, ...rest] = shape
      return [
        name,
        { data: data.slice(0, all === 0 ? 0 : (data.length / all) * rows), shape: [rows, ...rest] },
      ]
    }),
  )
