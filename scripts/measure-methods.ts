// The table of methods and formats, docs/results/methods.md. Comes in: options. Goes out: cells in
// methods.jsonl beside the page; the page. Stopped and started again it goes on where it was.
// Source: docs/design/21-methods-table.md. npm run methods -- --quick
import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { writeAtomic } from '@lotion/checkpoints'
import { lockFile, lockRun } from '@lotion/cli/internal'
import { cellBook, type Cell, type CellBook } from './methods/cells.js'
import { makeCells, type Wanted } from './methods/make.js'
import { pageOf } from './methods/page.js'
import { formatName, methodName, plan as wholePlan, quick, type Plan } from './methods/plan.js'
import { sittingsOf } from './methods/sittings.js'

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
  readonly onCell: (cell: Cell, left: number) => void | Promise<void>
}

/** The repository that this file is of. */
const REPOSITORY = fileURLToPath(new URL('..', import.meta.url))

/** Make what is missing, then the page; after an interruption the page of what is there. */
export async function methodsTable(call: MethodsTable): Promise<void> {
  const { plan, page, folder, pageOnly, workers, signal, onCell } = call
  const cells = page.replace(/\.md$/, '.jsonl')
  const write = async (book: CellBook): Promise<void> =>
    writeAtomic(page, await pageOf({ plan, book, command: COMMAND }))
  // The file is whole at any moment: whoever only looks at it need not wait.
  if (pageOnly) return write(cellBook(cells))
  await mkdir(dirname(page), { recursive: true })
  // Both: two folders with one file would erase each other's cells, two files in one folder its places.
  const held = [await lockFile(cells, hostname())]
  try {
    const book = cellBook(cells)
    await mkdir(folder, { recursive: true })
    held.push(await lockRun(folder, hostname()))
    try {
      const sitting = await sittingsOf({ repository: REPOSITORY, folder, book, made: [page, cells] })
      await makeCells(call, { book, folder, workers, signal, onCell, sitting })
    } finally {
      await write(book)
    }
  } finally {
    for (const lock of held.toReversed()) await lock.release()
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
  const formats = plan.formats.map(formatName)
  const tables = chosen(
    'tables',
    values.tables ?? (isQuick ? quick.tables.join() : undefined),
    plan.tables.map(({ name }) => name),
  )
  const words = values.seeds ?? (isQuick ? String(quick.seeds) : undefined)
  const seeds = words === undefined ? undefined : count('seeds', words)
  const fewer = plan.tables.find(
    ({ name, reporting }) => tables.includes(name) && reporting.length < (seeds ?? 0),
  )
  if (fewer)
    throw new Error(
      `seeds: expected at most the ${fewer.reporting.length} that report for ${fewer.name}, found ${seeds}; name tables with more of them, --tables`,
    )
  if (!values.page.endsWith('.md')) throw new Error(`page: expected a file *.md, found '${values.page}'`)
  return {
    plan: { ...plan, baseline: baseline! },
    tables,
    formats: chosen('formats', values.formats ?? (isQuick ? quick.formats.join() : undefined), formats),
    methods: chosen('methods', values.methods, plan.methods.map(methodName)),
    ...(seeds === undefined ? {} : { seeds }),
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
      onCell: ({ table, format, method, rate, seed, nearest, seconds }, left) => {
        process.stderr.write(
          `${table} ${format} ${method} rate ${rate} seed ${seed}: nearest ${nearest.toFixed(4)}, ${seconds.toFixed(1)} s; ${left} left of these\n`,
        )
      },
    })
  } catch (error) {
    process.stderr.write(`methods: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = stop.signal.aborted ? 130 : 1
  }
}
