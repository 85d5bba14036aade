// What the cells say. Comes in: cells. Goes out: the rate of each method, its losses by seed, how
// it stands to the best and to the baseline.
// Source: tuning, standings and paired intervals are those of @lotion/bench.
import {
  pairedDifference,
  standings,
  summarize,
  tune,
  type PairedDifference,
  type Standing,
} from '@lotion/bench/internal'
import type { Cell } from './cells.js'
import { fits, formatName, methodName, type Plan, type PlannedFormat, type TablePlan } from './plan.js'

/** The rate that a method is reported with. */
export interface ChosenRate {
  readonly rate: number
  /** How many were tried; 0 where the usual one stands in until they are. */
  readonly tried: number
}

/** How a method stands in a format. */
export interface Row extends ChosenRate {
  readonly method: string
  /** Seeds that are there, ascending. */
  readonly seeds: readonly number[]
  /** Means over these seeds; infinite if one diverged. */
  readonly fullPrecision: number
  readonly nearest: number
  readonly randomized: number
  /** Sample standard deviation of the nearest; nothing for one seed. */
  readonly std: number | null
  /** Of the nearest; nothing where the format is not ranked. */
  readonly standing?: Standing
  /** Own − baseline, of the nearest, over the seeds that both have. */
  readonly difference?: PairedDifference
}

/** What was found in a format. */
export interface FormatFindings {
  readonly format: PlannedFormat
  readonly rows: readonly Row[]
  /**
   * Whether every method is there, with the same seeds, and rates that were all chosen or all not: else
   * whatever was made first would look best.
   */
  readonly isWhole: boolean
  /** Whether it is whole, with more than one seed: one tells nothing apart. */
  readonly isRanked: boolean
}

/** The rate with the lowest nearest loss on the seeds that choose; the usual one while some are missing. */
export async function chosenRate(
  cells: readonly Cell[],
  table: TablePlan,
  format: string,
  method: string,
): Promise<ChosenRate> {
  const own = cells.filter(
    (cell) => cell.table === table.name && cell.format === format && cell.method === method,
  )
  const lossOf = (rate: number, seed: number): number | undefined =>
    own.find((cell) => cell.rate === rate && cell.seed === seed)?.nearest
  const losses = table.rates.flatMap((rate) => table.choosing.map((seed) => lossOf(rate, seed)))
  const isTried = losses.every((loss) => loss !== undefined)
  const tried = table.rates.length
  if (!isTried) return { rate: table.usual, tried: 0 }
  // Where all diverged, none is better than the usual one.
  const holds = (rate: number): boolean => table.choosing.every((seed) => Number.isFinite(lossOf(rate, seed)))
  if (!table.rates.some(holds)) return { rate: table.usual, tried }
  const { setting } = await tune({
    settings: table.rates,
    seeds: table.choosing,
    run: (trials) =>
      Promise.resolve(trials.map(({ setting, seed }) => ({ nearest: lossOf(setting, seed) ?? Infinity }))),
  })
  return { rate: setting, tried }
}

/** All that was found in a table. @param cells Those of its plan: `cellsOf`. */
export function findingsOf(
  plan: Plan,
  table: TablePlan,
  cells: readonly Cell[],
): Promise<readonly FormatFindings[]> {
  return Promise.all(
    plan.formats.map(async (format) => {
      const names = plan.methods.filter((method) => fits(format, method)).map(methodName)
      const found = await Promise.all(
        names.map(async (method) => {
          const chosen = await chosenRate(cells, table, formatName(format), method)
          const own = cells
            .filter(
              (cell) =>
                cell.table === table.name &&
                cell.format === formatName(format) &&
                cell.method === method &&
                cell.rate === chosen.rate &&
                table.reporting.includes(cell.seed),
            )
            .toSorted((a, b) => a.seed - b.seed)
          return { method, ...chosen, own }
        }),
      )
      const there = found.filter(({ own }) => own.length > 0)
      const kinds = new Set(there.map(({ own, tried }) => [tried, ...own.map(({ seed }) => seed)].join()))
      const isWhole = there.length === names.length && kinds.size === 1
      const isRanked = isWhole && there[0]!.own.length > 1
      const bySeed = (own: readonly Cell[]) => new Map(own.map(({ seed, nearest }) => [seed, nearest]))
      const stands = isRanked ? standings(there.map(({ own }) => bySeed(own))) : []
      const baseline = there.find(({ method }) => method === plan.baseline)
      const rows = there.map((each, i): Row => {
        const { method, rate, tried, own } = each
        const of = (loss: 'fullPrecision' | 'nearest' | 'randomized') =>
          summarize(own.map((cell) => cell[loss]))
        const difference =
          baseline && each !== baseline ? pairedDifference(bySeed(own), bySeed(baseline.own)) : undefined
        return {
          method,
          rate,
          tried,
          seeds: own.map(({ seed }) => seed),
          fullPrecision: of('fullPrecision').mean,
          nearest: of('nearest').mean,
          randomized: of('randomized').mean,
          std: of('nearest').std,
          ...(isRanked ? { standing: stands[i]! } : {}),
          ...(difference ? { difference } : {}),
        }
      })
      return { format, rows, isWhole, isRanked }
    }),
  )
}
