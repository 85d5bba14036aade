// The one order in which lanes are summed, so that a sum is the same number on one thread or many.
// Comes in: values one by one. Goes out: their sum. Source: docs/design/02-lanes.md.

/** Weights per chunk: partial sums of chunks are added in order. */
export const SUM_CHUNK = 4096

/**
 * Sum n values in double precision: within each chunk four accumulators take the values in turn (as four SIMD
 * lanes would) and are combined as (s0 + s2) + (s1 + s3); chunks are added in order.
 */
export function sumInOrder(n: number, value: (index: number) => number): number {
  let sum = 0
  for (let start = 0; start < n; start += SUM_CHUNK) {
    const s = [0, 0, 0, 0]
    const end = Math.min(start + SUM_CHUNK, n)
    for (let i = start; i < end; i++) s[(i - start) & 3]! += value(i)
    sum += s[0]! + s[2]! + (s[1]! + s[3]!)
  }
  return sum
}

/** `sumInOrder` over `count` values that stand `step` apart, without a call a value. */
export function sumSpaced(values: ArrayLike<number>, first: number, step: number, count: number): number {
  let sum = 0
  for (let from = 0; from < count; from += SUM_CHUNK) {
    const end = first + Math.min(SUM_CHUNK, count - from) * step + from * step
    let [s0, s1, s2, s3] = [0, 0, 0, 0]
    let at = first + from * step
    for (; at + 3 * step < end; at += 4 * step) {
      s0 += values[at]!
      s1 += values[at + step]!
      s2 += values[at + 2 * step]!
      s3 += values[at + 3 * step]!
    }
    if (at < end) s0 += values[at]!
    if (at + step < end) s1 += values[at + step]!
    if (at + 2 * step < end) s2 += values[at + 2 * step]!
    sum += s0 + s2 + (s1 + s3)
  }
  return sum
}
