// Ordinary arrays, for what has no room in the executor's memories or no WebAssembly: refused before the
// system would end the process. Comes in: lengths. Goes out: zeroed arrays. Source: docs/design/07-cpu.md.

import { bytesText, hostMemory, showGarbage, type HostMemory } from '@lotion/core/internal'

/** Memory is asked for its state when so many bytes were made since the last time. */
const CHECKED = 2 ** 24

/** Arrays leave this part of the process's memory to the rest of the program. */
const KEPT_FREE = 1 / 32

/** Makes an ordinary array. @throws RangeError if it does not fit the process's memory. */
export type HostArrays = (length: number) => Float32Array

/** Make the maker; `reserved` tells how many bytes memories of other kinds take. */
export function hostArrays(reserved: () => number, host: HostMemory = hostMemory): HostArrays {
  let unchecked = CHECKED
  const check = (bytes: number): void => {
    const limit = host.limit()
    const roomBeside = (garbage: number): number => {
      const used = Math.max(host.resident(), reserved() + host.buffers() - garbage)
      return limit * (1 - KEPT_FREE) - CHECKED - used
    }
    if (roomBeside(0) >= bytes) return
    // Some of that may be garbage. Buffers are swept on another thread after a collection; the next one waits
    // for it.
    const shown = host.collectAt()
    for (let round = 0; round < 2; round++) showGarbage(shown)
    // What was shown is garbage too, once or twice, and not in memory.
    const left = roomBeside(shown * Math.floor(host.buffers() / shown))
    if (left >= bytes) return
    throw new RangeError(
      `array: expected at most ${bytesText(Math.max(0, left))}, what is left of the process's ${bytesText(limit)} of memory, found ` +
        `${bytesText(bytes)}; free arrays that are not used, await a turn of the event loop so that those dropped come back, or use a smaller model`,
    )
  }
  return (length) => {
    const bytes = 4 * length
    unchecked += bytes
    if (unchecked >= CHECKED) {
      check(bytes)
      unchecked = 0
    }
    return new Float32Array(length)
  }
}
