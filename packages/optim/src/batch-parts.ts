// A batch in parts. Comes in: arrays of a batch. Goes out: batches that are views of it.
// Source: docs/design/03-formats-and-methods.md (accumulation).

import type { Batch, HostArray } from '@lotion/core'
import { shownValue } from '@lotion/core/internal'

/** Split a batch along the first axis of its arrays: views, no copies. */
export function partsOf(batch: Batch, parts: number, shared: readonly string[]): readonly Batch[] {
  const stray = shared.find((name) => !Object.hasOwn(batch, name))
  if (stray !== undefined)
    throw new TypeError(
      `shared: expected names of the batch, ${Object.keys(batch).join(', ')}, found '${stray}'; correct the name`,
    )
  const split = Object.entries(batch).filter(([name]) => !shared.includes(name))
  const [named, array] = split[0] ?? []
  const count = array?.shape[0] ?? 0
  for (const [name, { shape }] of split) {
    if (shape[0] !== count)
      throw new RangeError(
        `batch '${name}': expected ${count} examples along the first axis, as '${named}' has, found shape ${shownValue(shape)}; ` +
          'name it in `shared` if every part needs all of it',
      )
  }
  if (count < parts)
    throw new RangeError(
      `batch: expected at least ${parts} examples (parts), found ${count}; give more, or fewer parts`,
    )
  const edge = (part: number): number => Math.floor((part * count) / parts)
  return Array.from({ length: parts }, (_, part) =>
    Object.fromEntries(
      Object.entries(batch).map(([name, whole]) => [
        name,
        shared.includes(name) ? whole : rows(whole, edge(part), edge(part + 1)),
      ]),
    ),
  )
}

function rows({ data, shape }: HostArray, from: number, to: number): HostArray {
  const size = data.length / shape[0]!
  return { data: data.subarray(from * size, to * size), shape: [to - from, ...shape.slice(1)] }
}
