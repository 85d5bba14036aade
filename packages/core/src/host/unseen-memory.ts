// Memory that the garbage collector does not count: it counts shared memory as nothing, so many gigabytes of
// unused shared memory would never make it run. Comes in: objects that hold such memory, and bytes. Goes out:
// a collection in time.

import { hostMemory } from './host-memory.js'

/** So many bytes at least are handed out before the collector hears of them. */
const LEAST = 2 ** 27

let held = 0
let unheard = 0

const gone = new FinalizationRegistry<number>((bytes) => {
  held -= bytes
})

/**
 * Tell the collector that an object holds memory that it does not count. After so much as half of what is
 * held, and 128 MiB at least, it is shown an ordinary buffer, which it counts, so large that it runs at once;
 * nothing is written to it, so it takes no memory. Whoever waits for objects to go learns of it when the
 * event loop turns next.
 */
export function weigh(owner: object, bytes: number): void {
  gone.register(owner, bytes, owner)
  held += bytes
  unheard += bytes
  if (unheard < Math.max(LEAST, held / 2)) return
  unheard = 0
  showGarbage(hostMemory.collectAt())
}

/** Subtract what `weigh` added for an object: its memory is free. */
export function unweigh(owner: object, bytes: number): void {
  if (gone.unregister(owner)) held -= bytes
}

/** Make the collector count so many bytes of garbage; from a part of its heap's limit on it runs at once. */
export function showGarbage(bytes: number): void {
  try {
    void new ArrayBuffer(bytes)
  } catch {
    // No address space for it: the collector has been asked all the same.
  }
}
