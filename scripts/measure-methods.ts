// The table of methods and formats, docs/results/methods.md. Comes in: options. Goes out: cells in
// methods.jsonl beside the page; the page. Stopped and started again it goes on where it was.
// Source: docs/design/21-methods-table.md. npm run methods -- --quick
import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { versions } from '@lotion/bench'
import { commitOf } from '@lotion/bench/internal'
import { writeAtomic } from '@lotion/checkpoints'
import { lockRun } from '@lotion/cli/internal'
import { cellBook, type Cell } from './methods/cells.js'
import { makeCells, type Wanted } from './methods/make.js'
import { pageOf } from './methods/page.js'
import { formatName, methodName, plan as wholePlan, quick, type Plan } from './methods/plan.js'

/** What the command is called. */
const COMMAND = 'npm run methods'

/** What a call says. */
export interface MethodsTable extends Wanted {
  /** The page, a Markdown file; its cells lie beside it. */
  readonly page: string
  /** Where unfinished trainings are kept. */
  readonly folder: string
  readonly workers: number
  readonly pageOnly: boolean
  readonly signal: AbortSignal
  readonly onCell: (cell: Cell, left: number) => void
}

/** Make what is missing, then the page; after an interruption the page of what is there. */
export async function methodsTable(call: MethodsTable): Promise<void> {
  const { plan, page, folder, pageOnly, workers, signal, onCell } = call
  const book = cellBook(page.replace(/\.md$/, '.jsonl'))
  const write = async (): Promise<void> => writeAtomic(page, await pageOf({ plan, book, command: COMMAND }))
  if (pageOnly) return write()
  await mkdir(folder, { recursive: true })
  const lock = await lockRun(folder, hostname())
  try {
    const here = fileURLToPath(new URL('..', import.meta.url))
    const commit = await commitOf(here)
    const about = {
      at: new Date().toISOString(),
      commit:
        commit === undefined
          ? 'unknown'
          : `${commit.id.slice(0, 10)}${commit.changed ? ' with changes' : ''}`,
      versions: { ...versions() },
    }
    let sitting: number | undefined
    const making = { book, folder, workers, signal, onCell, sitting: () => (sitting ??= book.sit(about)) }
    try {
      await makeCells(call, making)
    } finally {
      await write()
    }
  } finally {
    await lock.release()
  }
}

/** Names between commas, each of those that there are. @throws Error naming the first that is none. */
function chosen(option: string, text: string | undefined, known: readonly string[]): readonly string[] {
  if (text === undefined) return known
  const names = text.split(',').map((name) => name.trim())
  const stray = names.find((name) => !known.includes(name))
  if (stray !== undefined)
    throw new Error(`${option}: expected names among ${known.join(', ')}, found '${stray}'`)
  return names
}

/** What words on the command line ask for. @throws Error naming what is wrong. */
export function callOf(args: readonly string[], plan: Plan): Omit<MethodsTable, 'signal' | 'onCell'> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      'page-only': { type: 'boolean', default: false },
      tables: { type: 'string' },
      formats: { type: 'string' },
      methods: { type: 'string' },
      seeds: { type: 'string' },
      workers: { type: 'string', default: '1' },
      baseline: { type: 'string', default: plan.baseline },
      folder: { type: 'string', default: 'runs/methods' },
      page: { type: 'string', default: 'docs/results/methods.md' },
    },
  })
  const count = (option: 'seeds' | 'workers', text: string): number => {
    if (!/^[1-9]\d{0,2}$/.test(text))
      throw new Error(`${option}: expected a whole number from 1, found '${text}'`)
    return Number(text)
  }
  const isQuick = values.quick
  const [baseline] = chosen('baseline', values.baseline, plan.methods.map(methodName))
  const tables = plan.tables.map(({ name }) => name)
  const formats = plan.formats.map(formatName)
  const seeds = values.seeds ?? (isQuick ? String(quick.seeds) : undefined)
  if (!values.page.endsWith('.md')) throw new Error(`page: expected a file *.md, found '${values.page}'`)
  return {
    plan: { ...plan, baseline: baseline! },
    tables: chosen('tables', values.tables ?? (isQuick ? quick.tables.join() : undefined), tables),
    formats: chosen('formats', values.formats ?? (isQuick ? quick.formats.join() : undefined), formats),
    methods: chosen('methods', values.methods, plan.methods.map(methodName)),
    ...(seeds === undefined ? {} : { seeds: count('seeds', seeds) }),
    choose: !isQuick,
    workers: count('workers', values.workers),
    folder: resolve(values.folder),
    page: resolve(values.page),
    pageOnly: values['page-only'],
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => stop.abort(new Error(`stopped by ${signal}; the same command goes on`)))
  try {
    await methodsTable({
      ...callOf(process.argv.slice(2), wholePlan),
      signal: stop.signal,
      onCell: ({ table, format, method, rate, seed, nearest, seconds }, left) =>
        process.stderr.write(
          `${table} ${format} ${method} rate ${rate} seed ${seed}: nearest ${nearest.toFixed(4)}, ${seconds.toFixed(1)} s; ${left} left of these\n`,
        ),
    })
  } catch (error) {
    process.stderr.write(`methods: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = stop.signal.aborted ? 130 : 1
  }
}
