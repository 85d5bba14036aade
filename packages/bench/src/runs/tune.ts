// Choosing a setting by experiment, the same way for every method. Comes in: settings, seeds, a way to run
// them. Goes out: the setting with the lowest mean nearest-cast loss. Source: docs/design/04-bench.md.

import type { CastLosses } from './cast-losses.js'

/** Added to the first test seed to get the first tuning seed; more than any run has test seeds. */
export const TUNING_OFFSET = 1_000_000

/** Seeds that tuning uses; they are never test seeds while a run has fewer than `TUNING_OFFSET` of them. */
export function tuningSeeds(firstTestSeed: number, count = 5): readonly number[] {
  return Array.from({ length: count }, (_, i) => firstTestSeed + TUNING_OFFSET + i)
}

/** One run that tuning asks for. */
export interface Trial<S> {
  /** What is tried. */
  readonly setting: S
  /** One of the tuning seeds. */
  readonly seed: number
}

/** What tuning found. */
export interface Tuned<S> {
  readonly setting: S
  /** Mean nearest-cast loss of the setting on the tuning seeds. */
  readonly nearest: number
  /** Settings tried. */
  readonly tried: number
  readonly seeds: readonly number[]
}

/** What is tried, on what, and how it is run. */
export interface TuneOptions<S> {
  readonly settings: readonly S[]
  readonly seeds: readonly number[]
  /** Run the trials; losses in their order. A run that diverged may report losses that are not finite. */
  readonly run: (trials: readonly Trial<S>[]) => Promise<readonly Pick<CastLosses, 'nearest'>[]>
}

/**
 * Try every setting on every seed and choose the smallest mean nearest-cast loss; the first of equals.
 * @throws RangeError if there is nothing to try or every setting diverged.
 */
export async function tune<S>({ settings, seeds, run }: TuneOptions<S>): Promise<Tuned<S>> {
  if (settings.length === 0 || seeds.length === 0) {
    throw new RangeError(`tune: expected settings and seeds, found ${settings.length} and ${seeds.length}`)
  }
  const losses = await run(settings.flatMap((setting) => seeds.map((seed) => ({ setting, seed }))))
  const means = settings.map((_, i) => {
    const own = losses.slice(i * seeds.length, (i + 1) * seeds.length)
    const mean = own.reduce((sum, { nearest }) => sum + nearest, 0) / seeds.length
    return Number.isFinite(mean) ? mean : Infinity
  })
  const nearest = Math.min(...means)
  if (nearest === Infinity) {
    throw new RangeError(
      `tune: every one of ${settings.length} settings diverged; offer lower learning rates`,
    )
  }
  return Object.freeze({ setting: settings[means.indexOf(nearest)]!, nearest, tried: settings.length, seeds })
}
