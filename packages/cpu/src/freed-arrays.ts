// Arrays that were given back: their bytes may be those of others by now. Comes in: arrays of calls.
// Goes out: an error for those.
// Source: docs/design/07-cpu.md.

/** Remembers what was freed. */
export interface FreedArrays {
  /** Note an array, or the buffer of one that has its own. */
  add(freed: Float32Array | ArrayBufferLike): void
  /** @throws TypeError naming the first array that was freed. */
  refuse(what: string, arrays: Iterable<readonly [name: string, array: Float32Array | undefined]>): void
}

/** Make an empty list. */
export function freedArrays(): FreedArrays {
  const freed = new WeakSet<object>()
  let any = false
  return {
    add: (array) => {
      freed.add(array)
      any = true
    },
    refuse: (what, arrays) => {
      if (!any) return
      for (const [name, array] of arrays) {
        if (array && (freed.has(array) || freed.has(array.buffer))) {
          throw new TypeError(`${what}: '${name}': expected an array in use, found one that was freed`)
        }
      }
    },
  }
}
