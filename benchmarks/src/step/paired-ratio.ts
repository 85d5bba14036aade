// Ratios of measurements that were taken in pairs. Comes in: times of two things, round by round. Goes out: median and quartiles.
// Source: the machine's drift within a round is common to both and cancels.

/** A ratio over the rounds. */
export interface PairedRatio {
  readonly median: number
  /** Quartiles. */
  readonly low: number
  readonly high: number
}

/** Divide pair by pair. @throws RangeError unless there are as many of the one as of the other, at least one. */
export function pairedRatio(over: readonly number[], under: readonly number[]): PairedRatio {
  if (over.length !== under.length || over.length === 0)
    throw new RangeError(`under: expected ${over.length} measurements, at least 1, found ${under.length}`)
  const ratios = over.map((value, i) => value / under[i]!).sort((a, b) => a - b)
  return { median: quantile(ratios, 0.5), low: quantile(ratios, 0.25), high: quantile(ratios, 0.75) }
}

/** A quantile of sorted values, between neighbours by straight lines. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1)
  const below = Math.floor(at)
  const [lower, upper] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!]
  return lower + (at - below) * (upper - lower)
}
