// Which bytes of a memory are free. Comes in: requests and returns. Goes out: offsets, each a multiple of 64.
// Source: first fit with merging of neighbours; arrays are few and large.

/** Offsets are multiples of a cache line, so that no two arrays share one. */
const ALIGNMENT = 64

/** Free ranges of a growing memory. */
export interface FreeRanges {
  /** Take bytes, the lowest that fit; `undefined` if no range is long enough. */
  take(bytes: number): number | undefined
  /** Give back what was taken at an offset, or add new bytes. */
  give(offset: number, bytes: number): void
  /** Bytes that are missing at the end for a request to fit; 0 if it fits. */
  missing(bytes: number, end: number): number
}

/** Round up to whole cache lines. */
export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
}

/** Make the ranges of a memory of which nothing is free yet. */
export function freeRanges(): FreeRanges {
  // Ascending, never adjacent.
  const ranges: { offset: number; bytes: number }[] = []
  return {
    take(bytes) {
      const wanted = aligned(bytes)
      const at = ranges.findIndex((range) => range.bytes >= wanted)
      const range = ranges[at]
      if (!range) return undefined
      const { offset } = range
      range.offset += wanted
      range.bytes -= wanted
      if (range.bytes === 0) ranges.splice(at, 1)
      return offset
    },
    give(offset, bytes) {
      const given = aligned(bytes)
      if (given === 0) return
      const next = ranges.findIndex((range) => range.offset > offset)
      const at = next < 0 ? ranges.length : next
      ranges.splice(at, 0, { offset, bytes: given })
      for (const left of [at, at - 1]) {
        const [a, b] = [ranges[left], ranges[left + 1]]
        if (!a || !b || a.offset + a.bytes !== b.offset) continue
        a.bytes += b.bytes
        ranges.splice(left + 1, 1)
      }
    },
    missing(bytes, end) {
      const wanted = aligned(bytes)
      if (ranges.some((range) => range.bytes >= wanted)) return 0
      const last = ranges.at(-1)
      return wanted - (last && last.offset + last.bytes === end ? last.bytes : 0)
    },
  }
}
