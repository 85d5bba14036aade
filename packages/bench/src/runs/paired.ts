// Two columns of losses over the same seeds. Comes in: losses by seed. Goes out: their mean difference with
// its standard error and interval, and on how many seeds each was lower.
// Source: textbook; the paired difference removes what a seed does to both, and Student's t says how far the
// mean of a few seeds may be off.

import { studentQuantile } from './student.js'
import { summarize } from './summary.js'

/** Losses by seed. */
export type BySeed = ReadonlyMap<number, number>

/** How sure intervals are: 95 %. */
const INSIDE = 0.95

/** How a column stands to another over the seeds that both have. */
export interface PairedDifference {
  /** Seeds that both have, and on which not both diverged. */
  readonly seeds: number
  /** Of them, those on which it diverged: it loses there by more than any number. */
  readonly diverged: number
  /** Of them, those on which the other diverged. */
  readonly otherDiverged: number
  /**
   * Mean of own − other: below 0 where it is the better. ∞ where it diverged on a seed, −∞ where the other
   * did; no number where each did on a seed of its own.
   */
  readonly mean: number
  /** √(Σ (d − d̄)² / (n − 1) / n); null for fewer than two seeds, and where one diverged. */
  readonly error: number | null
  /** Half the width of the interval of 95 %, t(n − 1) · error; null as the error. */
  readonly half: number | null
  /**
   * Whether the interval leaves out 0, or one alone diverged, of two seeds or more: the only senses in which
   * anything here is told apart.
   */
  readonly isApart: boolean
  /** Seeds on which it is lower. */
  readonly better: number
  /** Seeds on which both are the same number. */
  readonly equal: number
  /** Seeds on which it is higher. */
  readonly worse: number
}

/**
 * Compare two columns seed by seed; nothing, if no seed is in both. Whoever diverges has an infinite loss and
 * loses that seed: left out, it would make of a method that fails now and then the better one.
 */
export function pairedDifference(own: BySeed, other: BySeed): PairedDifference | undefined {
  const differences = [...own].flatMap(([seed, loss]) => {
    const beside = other.get(seed)
    // No number is no loss of this kind; of two that diverged neither is the better.
    return beside === undefined || Number.isNaN(loss - beside) ? [] : [loss - beside]
  })
  if (differences.length === 0) return undefined
  const { mean, std } = summarize(differences)
  const seeds = differences.length
  const error = std === null || !Number.isFinite(mean) ? null : std / Math.sqrt(seeds)
  const half = error === null ? null : error * studentQuantile(INSIDE, seeds - 1)
  const count = (is: (difference: number) => boolean): number => differences.filter(is).length
  return {
    seeds,
    diverged: count((difference) => difference === Infinity),
    otherDiverged: count((difference) => difference === -Infinity),
    mean,
    error,
    half,
    isApart: half === null ? seeds > 1 && Math.abs(mean) === Infinity : Math.abs(mean) > half,
    better: count((difference) => difference < 0),
    equal: count((difference) => difference === 0),
    worse: count((difference) => difference > 0),
  }
}

/** `higher on 2, the same on 1 of 3 seeds`: on how many seeds a column is how to the other. */
export function seedsText({ better, equal, worse, seeds }: PairedDifference): string {
  const parts = [
    ['higher', worse],
    ['the same', equal],
    ['lower', better],
  ] as const
  const told = parts.flatMap(([word, count]) => (count > 0 ? [`${word} on ${count}`] : []))
  return `${told.join(', ')} of ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`
}

/**
 * Say on how many seeds one diverged; nothing where none did.
 * @param other What the other is called.
 */
export function divergedText({ seeds, diverged, otherDiverged }: PairedDifference, other: string): string {
  const lost = [
    ...(diverged > 0 ? [`diverged on ${diverged} of ${seeds}`] : []),
    ...(otherDiverged > 0 ? [`${other} diverged on ${otherDiverged} of ${seeds}`] : []),
  ]
  return lost.join(', ')
}
