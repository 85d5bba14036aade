// Makes the cells of the table that are not there. Comes in: what is compared, the cells so far, a folder for
// what is under way. Goes out: cells, each kept as soon as it is there.
// Source: docs/design/21-methods-table.md; @lotion/bench trains, keeps places and goes on from them.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { jobPool, type Comparison, type JobPool, type ResultRecord, type RunJob } from '@lotion/bench'
import { branchesOf, isForAllFormats, phasesOf, phasesWord, planOf } from '@lotion/bench/internal'
import type { Cell, CellBook, CellKey } from './cells.js'
import { chosenRate } from './findings.js'
import {
  fits,
  formatName,
  methodName,
  type Plan,
  type PlannedFormat,
  type TableMethod,
  type TablePlan,
} from './plan.js'

/** Seconds between two places that an unfinished training is kept at. */
const KEPT_EVERY = 60

/** What is to be made. */
export interface Wanted {
  readonly plan: Plan
  /** Names of tables, formats and methods; others wait. */
  readonly tables: readonly string[]
  readonly formats: readonly string[]
  readonly methods: readonly string[]
  /** How many of the seeds that report. Default: all. */
  readonly seeds?: number
  /** Whether rates are chosen first; else the usual one is taken where none is chosen. */
  readonly choose: boolean
}

/** How it is made. */
export interface Making {
  readonly book: CellBook
  /** Says which sitting this is, once there is something to make. */
  readonly sitting: () => number
  readonly folder: string
  readonly workers: number
  readonly signal: AbortSignal
  /** Told of each cell. */
  readonly onCell: (cell: Cell, left: number) => void
}

/** One training to do, after those of lower rank. */
interface Task extends CellKey {
  readonly job: RunJob
  readonly rank: number
}

/** Make what is wanted and not there. @throws the signal's reason, when it is stopped. */
export async function makeCells(wanted: Wanted, making: Making): Promise<void> {
  for (const table of wanted.plan.tables.filter(({ name }) => wanted.tables.includes(name))) {
    const folder = join(making.folder, table.name)
    const { workers, signal } = making
    const pool = jobPool({ workers, signal, store: { folder, seconds: KEPT_EVERY, last: 1 } })
    try {
      for (const format of wanted.plan.formats)
        if (wanted.formats.includes(formatName(format))) await makeFormat(wanted, making, pool, table, format)
    } finally {
      await pool.close()
      // Of trained weights nothing more is asked.
      await rm(join(folder, 'weights'), { recursive: true, force: true })
    }
  }
}

async function makeFormat(
  wanted: Wanted,
  making: Making,
  pool: JobPool,
  table: TablePlan,
  format: PlannedFormat,
): Promise<void> {
  const { plan, choose, seeds = Infinity } = wanted
  const methods = plan.methods.filter(
    (method) => fits(format, method) && wanted.methods.includes(methodName(method)),
  )
  const make = async (keys: readonly (CellKey & { readonly of: TableMethod })[]): Promise<void> => {
    const open = keys.filter((key) => making.book.find(key) === undefined)
    const jobs = new Map<TableMethod, RunJob>()
    for (const { of } of open) if (!jobs.has(of)) jobs.set(of, await jobOf(plan, table, format, of))
    const tasks = open.map(({ of, ...key }): Task => {
      const { rate: learningRate, seed } = key
      return { ...key, rank: rankOf(of), job: { ...jobs.get(of)!, learningRate, seed } }
    })
    // Those that others take a beginning from go first, the cheap ones before the dear ones.
    for (let rank = 0; rank < RANKS; rank++)
      await train(
        tasks.filter((task) => task.rank === rank),
        pool,
        making,
      )
  }
  const keyOf = (of: TableMethod, rate: number, seed: number) => ({
    of,
    table: table.name,
    format: formatName(format),
    method: methodName(of),
    rate,
    seed,
  })
  if (choose)
    await make(
      table.choosing.flatMap((seed) =>
        table.rates.flatMap((rate) => methods.map((method) => keyOf(method, rate, seed))),
      ),
    )
  const cells = making.book.all()
  const rates = await Promise.all(
    methods.map((method) => chosenRate(cells, table, formatName(format), methodName(method))),
  )
  await make(
    table.reporting
      .slice(0, seeds)
      .flatMap((seed) => methods.map((method, i) => keyOf(method, rates[i]!.rate, seed))),
  )
}

/** How many ranks there are. */
const RANKS = 4

/** PTQ; what begins with it or is its cast; what trains from the start; what begins with that. */
function rankOf({ word, scale }: TableMethod): number {
  if (isForAllFormats(word)) return scale === undefined ? 0 : 1
  const phases = phasesOf(word)
  if (isForAllFormats(phases[0]!.word)) return 1
  return phases.length === 1 ? 2 : 3
}

async function train(tasks: readonly Task[], pool: JobPool, making: Making): Promise<void> {
  if (tasks.length === 0) return
  const { book, onCell } = making
  const sitting = making.sitting()
  let left = tasks.length
  await pool.run(
    tasks.map(({ job }) => job),
    (at) => ({
      record: async (record) => {
        if (record.type !== 'result') return
        const { job: _job, rank: _rank, ...key } = tasks[at]!
        const cell = { ...key, ...lossesOf(record), sitting }
        await book.add(cell)
        onCell(cell, --left)
      },
    }),
  )
}

const lossesOf = ({ fullPrecision, nearest, randomized, timing }: ResultRecord) => ({
  fullPrecision,
  nearest,
  randomized,
  seconds: timing.processorSeconds ?? 0,
})

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
async function jobOf(plan: Plan, table: TablePlan, format: PlannedFormat, of: TableMethod): Promise<RunJob> {
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
