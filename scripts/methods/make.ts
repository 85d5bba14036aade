// Makes the cells of the table that are not there. Comes in: what is compared, the cells so far, a folder for
// what is under way. Goes out: cells, each kept as soon as it is there.
// Source: docs/design/21-methods-table.md; @lotion/bench trains, keeps places and goes on from them.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { jobPool, type JobPool, type ResultRecord, type RunJob } from '@lotion/bench'
import { isForAllFormats, phasesOf, settingsOf } from '@lotion/bench/internal'
import type { Cell, CellBook, CellKey } from './cells.js'
import { chosenRate } from './findings.js'
import { jobOf } from './jobs.js'
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
  /** Says of which sitting a cell is that was just made. */
  readonly sitting: () => Promise<number>
  readonly folder: string
  readonly workers: number
  readonly signal: AbortSignal
  /** Told of each cell; awaited. */
  readonly onCell: (cell: Cell, left: number) => void | Promise<void>
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
  const jobs = new Map<TableMethod, RunJob>()
  for (const of of methods) jobs.set(of, await jobOf(plan, table, format, of))
  const make = async (keys: readonly (CellKey & { readonly of: TableMethod })[]): Promise<void> => {
    const open = keys.filter((key) => making.book.find(key) === undefined)
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
    settings: settingsOf(jobs.get(of)!),
    rate,
    seed,
  })
  if (choose)
    await make(
      table.choosing.flatMap((seed) =>
        table.rates.flatMap((rate) => methods.map((method) => keyOf(method, rate, seed))),
      ),
    )
  const settings = new Set([...jobs.values()].map(settingsOf))
  const cells = making.book.all().filter((cell) => settings.has(cell.settings))
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
  let left = tasks.length
  await pool.run(
    tasks.map(({ job }) => job),
    (at) => ({
      record: async (record) => {
        if (record.type !== 'result') return
        const { job: _job, rank: _rank, ...key } = tasks[at]!
        const cell = { ...key, ...lossesOf(record), sitting: await making.sitting() }
        await book.add(cell)
        await onCell(cell, --left)
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
