// The one order in which lanes are summed, so that a sum is the same number on one thread or many.
// Comes in: values one by one. Goes out: their sum. Source: docs/design/02-lanes.md.

/** Weights per chunk: partial sums of chunks are added in order. */
export const SUM_CHUNK = 4096

/**
 * Sum n values in double precision: within each chunk four accumulators take the values in turn (as four SIMD lanes
 * would) and are combined as (s0 + s2) + (s1 + s3); chunks are added in order.
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
