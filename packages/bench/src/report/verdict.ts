// The verdict of a comparison in words. Comes in: what was found. Goes out: which method has the lowest loss
// after the cast, by how much, and whether that is told apart from chance.
// Source: paired differences over the seeds, intervals of 95 % by Student's t; docs/design/04-bench.md.

import { significant } from '@lotion/cli/internal'
import type { ComparisonRecord, Findings } from '../records.js'
import { pairedDifference, seedsText, type PairedDifference } from '../runs/paired.js'
import type { LossReading } from '../tasks/task.js'
import { lossText } from './comparison-table.js'

/** How a method stands to the best: its loss less the best's, seed by seed, in the unit of the loss. */
export interface Rival extends PairedDifference {
  readonly method: string
}

/** What a comparison says. */
export interface Verdict {
  /** The lowest mean after the nearest cast. */
  readonly best: ComparisonRecord
  /** All others that did not diverge, nearest first. */
  readonly rivals: readonly Rival[]
  /** Those that have no seed in common with the best. */
  readonly unpaired: readonly string[]
  /** The lowest mean in full precision of any method. */
  readonly full: { readonly method: string; readonly mean: number }
}

/** Judge a comparison; nothing, if no method has a finite loss. */
export function verdictOf({
  comparisons,
  results,
}: Pick<Findings, 'comparisons' | 'results'>): Verdict | undefined {
  const finite = comparisons.filter(({ nearest }) => Number.isFinite(nearest.mean))
  const [best, ...others] = finite.toSorted((a, b) => a.nearest.mean - b.nearest.mean)
  if (!best) return undefined
  const losses = ({ method }: ComparisonRecord) =>
    new Map(results.flatMap((each) => (each.method === method ? [[each.seed, each.nearest] as const] : [])))
  const [full] = finite.toSorted((a, b) => a.fullPrecision.mean - b.fullPrecision.mean)
  const rivals = others.flatMap((other): readonly Rival[] => {
    const found = pairedDifference(losses(other), losses(best))
    return found ? [{ method: other.method, ...found }] : []
  })
  const paired = new Set(rivals.map(({ method }) => method))
  return {
    best,
    full: { method: full!.method, mean: full!.fullPrecision.mean },
    rivals,
    unpaired: others.flatMap(({ method }) => (paired.has(method) ? [] : [method])),
  }
}

/** A difference of losses, with a true minus. */
export const signedText = (value: number, loss: LossReading): string =>
  value < 0 ? `−${lossText(-value, loss)}` : lossText(value, loss)

/** `+0.0155 (95 % interval −0.0310 to 0.0620)`, with as many digits as the loss has. */
export function differenceText({ mean, half }: Pick<Rival, 'mean' | 'half'>, loss: LossReading): string {
  const text = (value: number): string => signedText(value, loss)
  return half === null
    ? text(mean)
    : `${text(mean)} (95 % interval ${text(mean - half)} to ${text(mean + half)})`
}

/** The verdict as sentences, the first of them the whole in one. */
export function verdictSentences(
  verdict: Verdict,
  comparisons: readonly ComparisonRecord[],
  loss: LossReading,
): readonly string[] {
  const { best, rivals, unpaired, full } = verdict
  const seeds = best.seeds === 1 ? 'one seed' : `mean of ${best.seeds} seeds`
  const unit = loss.unit === undefined ? '' : ` ${loss.unit}`
  const gap = best.nearest.mean - full.mean
  return [
    rivals.length + unpaired.length === 0
      ? `${best.method}: ${loss.name} ${lossText(best.nearest.mean, loss)}${unit} after the cast (${seeds}).`
      : `${best.method} has the lowest ${loss.name} after the cast: ${lossText(best.nearest.mean, loss)}${unit} (${seeds}).`,
    ...rivals.map((rival) => {
      if (rival.equal === rival.seeds) return `${rival.method} has the same loss, ${seedsText(rival)}.`
      const told =
        rival.half === null
          ? 'one seed: no interval, so whether that is chance is not known'
          : `${rival.isApart ? 'told apart' : 'not told apart: the interval holds 0'}; ${seedsText(rival)}`
      // Of other seeds, the lowest mean may be a matter of the seeds.
      const where = rival.seeds < best.seeds ? ` on the ${rival.seeds} that both have` : ''
      const size = { mean: Math.abs(rival.mean), half: rival.half }
      return `${rival.method} is ${rival.mean < 0 ? 'lower' : 'higher'}${where} by ${differenceText(size, loss)}: ${told}.`
    }),
    ...(rivals.filter(({ half }) => half !== null).length < 2
      ? []
      : [
          `Each interval is of one difference by itself, without a correction for looking at ${rivals.length}.`,
        ]),
    ...(unpaired.length === 0
      ? []
      : [`No seed in common with ${best.method}: ${unpaired.join(', ')}. Whether they differ is not known.`]),
    `After the cast ${best.method} is ${gap < 0 ? `${lossText(-gap, loss)} below` : `${lossText(gap, loss)} above`} the lowest loss in full precision (${full.method}, ${lossText(full.mean, loss)}).`,
    ...(rivals.length === 0
      ? []
      : [
          `Of its own full precision the cast takes ${[best, ...comparisons.filter((each) => each !== best)]
            .filter(({ nearest }) => Number.isFinite(nearest.mean))
            .map(
              (each) =>
                `${signedText(each.nearest.mean - each.fullPrecision.mean, loss)} from ${each.method}`,
            )
            .join(', ')}${beforeText(best, comparisons, loss)}.`,
        ]),
    triedText(comparisons),
  ]
}

/** How far others were from the best before the cast, of the same seeds: that much is no gain of the cast. */
function beforeText(
  best: ComparisonRecord,
  comparisons: readonly ComparisonRecord[],
  loss: LossReading,
): string {
  const texts = comparisons
    .filter((each) => each !== best && each.seeds === best.seeds)
    .map(({ method, fullPrecision }) => [method, fullPrecision.mean - best.fullPrecision.mean] as const)
    .filter(([, mean]) => Number.isFinite(mean))
    .map(
      ([method, mean]) =>
        `${method} was ${mean < 0 ? 'lower' : 'higher'} by ${lossText(Math.abs(mean), loss)}`,
    )
  return texts.length === 0 ? '' : `; before it ${texts.join(', ')}`
}

/** How many settings each method was given. */
function triedText(comparisons: readonly ComparisonRecord[]): string {
  const tried = comparisons.map(({ method, config }) => {
    const tuning = config['tuning'] as { readonly settings?: number } | undefined
    return { method, settings: tuning?.settings ?? 1 }
  })
  return tried.every(({ settings }) => settings === 1)
    ? 'Each method was run with one setting; nothing was tuned.'
    : `Settings tried on other seeds: ${tried.map(({ method, settings }) => `${method} ${significant(settings)}`).join(', ')}; the best of each is shown.`
}
