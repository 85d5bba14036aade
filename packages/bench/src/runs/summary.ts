// Statistics over seeds. Comes in: one loss a seed. Goes out: mean, spread, and which methods a comparison
// can tell apart.
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

/** How a method stands in a column: the lowest mean, not told apart from it, or behind it. */
export type Standing = 'best' | 'tied' | 'behind'

/**
 * Compare summaries over the same seeds. A summary is `tied` with the lowest mean when the mean difference d̄
 * over the seeds is within two standard errors, |d̄| ≤ 2 · std(d) / √n; with one seed nothing can be told
 * apart but by its value.
 */
export function standings(summaries: readonly Summary[]): readonly Standing[] {
  const best = summaries.reduce<Summary | undefined>(
    (low, next) => (low && low.mean <= next.mean ? low : next),
    undefined,
  )
  return summaries.map((summary) => {
    // No method leads where all have diverged.
    if (!best || best.mean === Infinity) return 'behind'
    if (summary === best) return 'best'
    const { mean, std, values } = summarize(summary.values.map((value, i) => value - best.values[i]!))
    return std !== null && Math.abs(mean) <= (2 * std) / Math.sqrt(values.length) ? 'tied' : 'behind'
  })
}
