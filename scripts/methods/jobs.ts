// Trainings of the table as jobs of @lotion/bench. Comes in: what is compared, cells. Goes out: jobs, and
// which cells are of them.
// Source: docs/design/21-methods-table.md.
import type { Comparison, RunJob } from '@lotion/bench'
import { branchesOf, isForAllFormats, phasesOf, phasesWord, planOf, settingsOf } from '@lotion/bench/internal'
import type { Cell } from './cells.js'
import {
  fits,
  formatName,
  methodName,
  type Plan,
  type PlannedFormat,
  type TableMethod,
  type TablePlan,
} from './plan.js'

/** The comparison that a training is of, as `lotion run` would make it. */
export const comparisonOf = (
  table: TablePlan,
  { word, block }: PlannedFormat,
  { word: method, scale }: TableMethod,
): Comparison => ({
  task: table.task,
  format: scale === undefined ? word : `${word}:${scale}`,
  block,
  methods: [phasesWord(phasesOf(method))],
  seeds: 1,
  firstSeed: 0,
  steps: table.steps,
  casts: table.casts,
  evaluations: 0,
  keep: false,
  fisher: table.fisher,
  noise: 'randomized-rounding',
  scaleGradient: true,
  tune: false,
})

/** The training of a method, at any rate and seed. */
export async function jobOf(
  plan: Plan,
  table: TablePlan,
  format: PlannedFormat,
  of: TableMethod,
): Promise<RunJob> {
  const comparison = comparisonOf(table, format, of)
  const { methods, seeds: _seeds, firstSeed, tune: _tune, ...settings } = comparison
  const method = methods[0]!
  const { numbers, modules } = (await planOf(comparison)).methods[0]!
  // Of the whole list, whatever is made now: others may come later.
  const words = plan.methods.map(({ word }) => phasesWord(phasesOf(word)))
  const branches = branchesOf(method, words, table.steps)
  // What PTQ trained is cast to the other formats.
  const end = isForAllFormats(method) ? [table.steps] : []
  return {
    ...settings,
    method,
    numbers,
    modules,
    learningRate: table.usual,
    seed: firstSeed,
    nonFinite: 'refuse',
    branches: [...branches, ...end],
  }
}

/** The cells that trainings of this plan would make again, and all others. */
export interface PlannedCells {
  readonly own: readonly Cell[]
  /** Of other steps, casts, options of the task or numbers of a method; of what is compared no more. */
  readonly others: readonly Cell[]
}

/** Tell the cells of a plan from others: the settings of their columns are those of its jobs. */
export async function cellsOf(plan: Plan, cells: readonly Cell[]): Promise<PlannedCells> {
  const columnOf = ({ table, format, method }: Pick<Cell, 'table' | 'format' | 'method'>): string =>
    [table, format, method].join('\n')
  const needed = new Set(cells.map(columnOf))
  const settings = new Map<string, string>()
  for (const table of plan.tables)
    for (const format of plan.formats)
      for (const of of plan.methods.filter((method) => fits(format, method))) {
        const column = columnOf({ table: table.name, format: formatName(format), method: methodName(of) })
        if (needed.has(column)) settings.set(column, settingsOf(await jobOf(plan, table, format, of)))
      }
  const isOwn = (cell: Cell): boolean => settings.get(columnOf(cell)) === cell.settings
  return { own: cells.filter(isOwn), others: cells.filter((cell) => !isOwn(cell)) }
}
