// Statistics over seeds. Comes in: one number a seed. Goes out: mean, spread, median.
// Source: textbook; the standard deviation is the sample's (n − 1), as in the tables of
// docs/design/04-bench.md.

import type { CastLosses } from './cast-losses.js'

/** Losses over seeds. */
export interface Summary {
  /** Σ x / n, in the unit of the values. */
  readonly mean: number
  /** Sample standard deviation; null for a single seed, which has none. */
  readonly std: number | null
  /** In the order of the seeds. */
  readonly values: readonly number[]
}

/** The three losses of a method, each over all seeds. */
export interface LossSummary {
  /** Of the weights as they were trained. */
  readonly fullPrecision: Summary
  /** Of the weights cast to the nearest points. */
  readonly nearest: Summary
  /** Of random casts, a mean over them for each seed. */
  readonly randomized: Summary
}

/**
 * Summarize values: mean = Σ x / n, std = √(Σ (x − mean)² / (n − 1)).
 * @throws RangeError if there are none.
 */
export function summarize(values: readonly number[]): Summary {
  if (values.length === 0) throw new RangeError('values: expected at least one, found none')
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const std = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null
  return Object.freeze({ mean, std, values: Object.freeze([...values]) })
}

/**
 * Summarize each of the three losses over seeds.
 * @param losses One a seed, at least one.
 * @throws RangeError if there are none.
 */
export function summarizeLosses(losses: readonly CastLosses[]): LossSummary {
  return Object.freeze({
    fullPrecision: summarize(losses.map((loss) => loss.fullPrecision)),
    nearest: summarize(losses.map((loss) => loss.nearest)),
    randomized: summarize(losses.map((loss) => loss.randomized)),
  })
}

/** The middle value, of two middle ones their mean; nothing of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}
