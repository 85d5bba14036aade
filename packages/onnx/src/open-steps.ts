// The steps of an engine that have not been closed. A step that its caller drops is not kept: its sessions go
// with it, while the engine lives on. Comes in: the guards of steps. Goes out: those still there, for the
// engine's close.

import type { ExclusiveCalls } from '@lotion/core'

/** Steps that an engine closes with itself. */
export interface OpenSteps {
  /** Note a step; it is held while it runs, and until it is closed or dropped. */
  add(step: ExclusiveCalls): ExclusiveCalls
  list(): readonly ExclusiveCalls[]
}

/** Make an empty list. */
export function openSteps(): OpenSteps {
  const known = new Set<WeakRef<ExclusiveCalls>>()
  const running = new Set<ExclusiveCalls>()
  const dropped = new FinalizationRegistry<WeakRef<ExclusiveCalls>>((ref) => known.delete(ref))
  return {
    add(inner) {
      const step: ExclusiveCalls = Object.freeze({
        run: <R>(call: () => Promise<R>): Promise<R> =>
          inner.run(async () => {
            running.add(step)
            try {
              return await call()
            } finally {
              running.delete(step)
            }
          }),
        close: async () => {
          await inner.close()
          known.delete(ref)
        },
      })
      const ref = new WeakRef(step)
      known.add(ref)
      dropped.register(step, ref)
      return step
    },
    list: () => [...known].flatMap((ref) => ref.deref() ?? []),
  }
}
