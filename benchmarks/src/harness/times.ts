// What repeated measurements say. Comes in: values, round by round. Goes out: median and range; median and
// quartiles of a ratio.
// Source: the median, because what disturbs a measurement only ever makes it longer; pairs, because drift
// within a round cancels.

/** A quantity over the rounds. */
export interface Times {
  readonly median: number
  readonly min: number
  readonly max: number
  /** In the order of the rounds. */
  readonly values: readonly number[]
}

/** A ratio over the rounds. */
export interface PairedRatio {
  readonly median: number
  /** Quartiles. */
  readonly low: number
  readonly high: number
}

/**
 * Summarize measurements, each times a factor; the median of an even count is the mean of the middle two.
 * @throws RangeError if there are none.
 */
export function timesOf(measured: readonly number[], factor = 1): Times {
  if (measured.length === 0) throw new RangeError('values: expected at least one measurement, found none')
  const values = measured.map((value) => value * factor)
  const sorted = values.toSorted((a, b) => a - b)
  return { median: quantile(sorted, 0.5), min: sorted[0]!, max: sorted.at(-1)!, values }
}

/** Divide pair by pair, over the rounds that both took part in. @throws RangeError if there are none. */
export function pairedRatio(over: readonly number[], under: readonly number[]): PairedRatio {
  const pairs = Math.min(over.length, under.length)
  if (pairs === 0)
    throw new RangeError(`under: expected a common round, found ${over.length} and ${under.length} rounds`)
  const ratios = over
    .slice(0, pairs)
    .map((value, i) => value / under[i]!)
    .sort((a, b) => a - b)
  return { median: quantile(ratios, 0.5), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) }
}

/** A quantile of sorted values, between neighbours by straight lines. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1)
  const below = Math.floor(at)
  const [lower, upper] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!]
  return lower + (at - below) * (upper - lower)
}

/** Write milliseconds: `25.0`, `1250`. */
export const milliseconds = (value: number): string => value.toFixed(value < 100 ? 1 : 0)

/** Write a median with its range. */
export const withRange = ({ median, min, max }: Times, text: (value: number) => string): string =>
  `${text(median)} (${text(min)} … ${text(max)})`
