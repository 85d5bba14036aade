// Measure of agreement between two evaluations of one array. Comes in: found and expected values. Goes out:
// ‖found − expected‖₂ / ‖expected‖₂, infinite where one of them is not a number.

/** Compute the Euclidean norm. */
export const norm = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))

/**
 * Compute the relative L2 error. Equal infinities and equal NaNs agree, unequal ones differ infinitely.
 * `floor` is the least norm to divide by, for arrays that are all rounding error.
 */
export function relativeError(found: Float32Array, expected: Float32Array, floor = 0): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY
  let difference = 0
  let size = 0
  for (const [i, value] of expected.entries()) {
    const other = found[i] ?? Number.NaN
    if (Object.is(value, other)) {
      if (Number.isFinite(value)) size += value * value
      continue
    }
    if (!Number.isFinite(value) || !Number.isFinite(other)) return Number.POSITIVE_INFINITY
    difference += (other - value) ** 2
    size += value * value
  }
  return difference === 0 ? 0 : Math.sqrt(difference) / Math.max(Math.sqrt(size), floor, Number.MIN_VALUE)
}
