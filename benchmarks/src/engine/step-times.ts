// What repeated measurements of a step say. Comes in: milliseconds. Goes out: median and range.
// Source: the median, because what disturbs a measurement only ever makes it longer.

/** Milliseconds of a step over the rounds. */
export interface StepTimes {
  readonly median: number
  readonly min: number
  readonly max: number
  /** In the order of the rounds. */
  readonly values: readonly number[]
}

/**
 * Summarize measurements; the median of an even count is the mean of the middle two.
 * @throws RangeError if there are none.
 */
export function stepTimes(values: readonly number[]): StepTimes {
  const sorted = values.toSorted((a, b) => a - b)
  const [min, max, lower, upper] = [
    sorted[0],
    sorted.at(-1),
    sorted[(sorted.length - 1) >> 1],
    sorted[sorted.length >> 1],
  ]
  if (min === undefined || max === undefined || lower === undefined || upper === undefined) {
    throw new RangeError('values: expected at least one measurement, found none')
  }
  return { median: (lower + upper) / 2, min, max, values }
}
