// Which methods of a comparison are told apart. Comes in: losses by seed. Goes out: how each stands to the
// lowest mean.
// Source: paired differences with intervals of 95 % by Student's t, as everywhere; docs/design/04-bench.md.

import { pairedDifference, type BySeed } from './paired.js'
import { summarize } from './summary.js'

/** How a method stands in a column: the lowest mean, not told apart from it, or behind it. */
export type Standing = 'best' | 'tied' | 'behind'

/**
 * Compare columns of losses, seed by seed. One is `tied` with the lowest mean where the interval of their
 * difference holds 0, and where they have no seed in common, or one of several; where there is but one seed,
 * nothing is. The same numbers are all `best`.
 */
export function standings(columns: readonly BySeed[]): readonly Standing[] {
  const means = columns.map((losses) => (losses.size === 0 ? Infinity : summarize([...losses.values()]).mean))
  // Of methods without such a loss the mean is no number.
  const low = Math.min(...means.filter((mean) => !Number.isNaN(mean)))
  const best = means.indexOf(low)
  return columns.map((losses, i) => {
    // No method leads where all have diverged.
    if (!Number.isFinite(low) || !Number.isFinite(means[i]!)) return 'behind'
    if (i === best) return 'best'
    const found = pairedDifference(losses, columns[best]!)
    if (!found) return 'tied'
    if (found.equal === found.seeds && losses.size === columns[best]!.size) return 'best'
    const isOne = losses.size === 1 && columns[best]!.size === 1
    return found.isApart || isOne ? 'behind' : 'tied'
  })
}
