// Native objects whose JavaScript owner was dropped without a close: they are freed when it is collected.
// Comes in: an owner and what frees its object. Goes out: nothing.

/** Frees the native objects that were not closed. */
export interface Abandoned {
  /** Have `release` called once the owner is collected. It must not refer to the owner. */
  register(owner: object, release: () => void): void
  /** Forget an owner that is closed. */
  unregister(owner: object): void
  /** Keep an owner while native code works for it: whoever waits for the result need not know the owner. */
  during<R>(owner: object, work: () => Promise<R>): Promise<R>
}

/** Make the list of one binding. */
export function abandonedOwners(): Abandoned {
  const registry = new FinalizationRegistry<() => void>((release) => release())
  const busy = new Set<object>()
  return {
    register: (owner, release) => registry.register(owner, release, owner),
    unregister: (owner) => void registry.unregister(owner),
    async during(owner, work) {
      busy.add(owner)
      try {
        return await work()
      } finally {
        busy.delete(owner)
      }
    },
  }
}
