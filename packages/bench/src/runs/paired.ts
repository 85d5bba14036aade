// Two columns of losses over the same seeds. Comes in: losses by seed. Goes out: their mean difference, its
// standard error, and on how many seeds each was lower.
// Source: textbook; the paired difference removes what a seed does to both.

import { summarize } from './summary.js'

/** Losses by seed. */
export type BySeed = ReadonlyMap<number, number>

/** How a column stands to another over the seeds that both have. */
export interface PairedDifference {
  /** Seeds that both have, and on which neither diverged. */
  readonly seeds: number
  /** Mean of own − other: below 0 where it is the better. */
  readonly mean: number
  /** √(Σ (d − d̄)² / (n − 1) / n); null for fewer than two seeds. */
  readonly error: number | null
  /** Seeds on which it is lower. */
  readonly wins: number
}

/** Compare two columns seed by seed; nothing, if no seed is in both. */
export function pairedDifference(own: BySeed, other: BySeed): PairedDifference | undefined {
  const differences = [...own].flatMap(([seed, loss]) => {
    const beside = other.get(seed)
    return beside !== undefined && Number.isFinite(loss) && Number.isFinite(beside) ? [loss - beside] : []
  })
  if (differences.length === 0) return undefined
  const { mean, std } = summarize(differences)
  const seeds = differences.length
  return {
    seeds,
    mean,
    error: std === null ? null : std / Math.sqrt(seeds),
    wins: differences.filter((difference) => difference < 0).length,
  }
}
