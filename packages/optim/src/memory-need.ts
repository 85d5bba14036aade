// What a run of training holds at least, compared with the memory there is before anything is made.
// Comes in: shapes and slots. Goes out: an error in words, instead of a process that the system ends.
// Source: docs/design/03-formats-and-methods.md.

import { sizeOf, type Shape, type Tree } from '@lotion/core'
import { bytesText, hostMemory, type HostMemory } from '@lotion/core/internal'

/** What a run makes for its parameters. */
export interface MemoryNeed {
  readonly params: Tree<unknown>
  readonly shapes: Tree<Shape>
  /** Slots by parameter: moments, Fisher estimates. */
  readonly slots: Tree<readonly string[]>
  /** Parameters that also have a cast, where the gradient is taken. */
  readonly casts: readonly string[]
}

/**
 * Refuse a run that cannot fit: f32 values of weights, gradients, slots and casts, without activations, of
 * which only the engine knows. Arrays that lie on a device have memory of its own and are not judged.
 * @throws RangeError with the bytes needed, by kind, and those there are.
 */
export function refuseTooLarge(
  { params, shapes, slots, casts }: MemoryNeed,
  memory: HostMemory = hostMemory,
): void {
  if (!Object.values(params).every((array) => ArrayBuffer.isView(array))) return
  const bytes = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + 4 * sizeOf(shapes[name] ?? []), 0)
  const weights = bytes(Object.keys(shapes))
  const parts = [
    ['weights', weights],
    ['gradients', weights],
    ['optimizer state', bytes(Object.entries(slots).flatMap(([name, of]) => of.map(() => name)))],
    ['casts', bytes(casts)],
  ] as const
  const needed = parts.reduce((sum, [, part]) => sum + part, 0)
  const limit = memory.limit()
  if (needed <= limit) return
  const list = parts.filter(([, part]) => part > 0).map(([name, part]) => `${name} ${bytesText(part)}`)
  throw new RangeError(
    `shapes: expected a run that fits the ${bytesText(limit)} of memory that this process has, found one that needs ${bytesText(needed)} ` +
      `at least (${list.join(', ')}; activations come on top): train a smaller model, or with less optimizer state`,
  )
}
