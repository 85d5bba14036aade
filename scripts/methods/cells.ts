// What was measured, one training a cell, in a file of lines that grows. Comes in: such a file. Goes out:
// cells, found by what they are of; the file, whole at any moment.
import { existsSync, readFileSync } from 'node:fs'
import { writeAtomic } from '@lotion/checkpoints'
import { z } from 'zod'

/** What a cell is of. */
export interface CellKey {
  readonly table: string
  readonly format: string
  readonly method: string
  /** All that makes the training but rate and seed, as digits: of the plan that it was made for. */
  readonly settings: string
  readonly rate: number
  readonly seed: number
}

/** One training, and what it gave; infinite where it diverged. */
export interface Cell extends CellKey {
  readonly fullPrecision: number
  readonly nearest: number
  readonly randomized: number
  /** Of the processors; what was taken of another training is not in it. */
  readonly seconds: number
  /** Which sitting ended it. */
  readonly sitting: number
}

const sittingSchema = z.object({
  sitting: z.int(),
  at: z.string(),
  commit: z.string(),
  /** Of what else it may be the end: commits whose unfinished trainings and beginnings it went on with. */
  begun: z.array(z.string()).optional(),
  versions: z.record(z.string(), z.string()),
})

/** When, of which code and on what machine cells were made. */
export type Sitting = z.infer<typeof sittingSchema>

/** JSON has no infinite numbers. */
const loss = z
  .number()
  .nullable()
  .transform((value) => value ?? Infinity)

const columnSchema = z.object({
  table: z.string(),
  format: z.string(),
  method: z.string(),
  settings: z.string(),
  cells: z.array(z.tuple([z.number(), z.number(), loss, loss, loss, z.number(), z.number()])),
})

const line = z.union([sittingSchema, columnSchema])

/** The cells of a file. */
export interface CellBook {
  all(): readonly Cell[]
  sittings(): readonly Sitting[]
  find(key: CellKey): Cell | undefined
  /** Note who makes cells from now on; it is written with the first. @returns its number. */
  sit(sitting: Omit<Sitting, 'sitting'>): number
  /** Add a cell and write the file. */
  add(cell: Cell): Promise<void>
}

/** Seven digits: what an f32 tells. */
const short = (value: number): number => Number(value.toPrecision(7))

const nameOf = ({ table, format, method, settings, rate, seed }: CellKey): string =>
  [table, format, method, settings, rate, seed].join('\n')

/** Open a file of cells, which need not be there. @throws Error naming the line that is something else. */
export function cellBook(path: string): CellBook {
  const cells = new Map<string, Cell>()
  const sittings: Sitting[] = []
  const texts = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : []
  for (const [at, text] of texts.entries()) {
    const parsed = lineIn(text, `${path}: line ${at + 1}`)
    if ('sitting' in parsed) sittings.push(parsed)
    else
      for (const [rate, seed, fullPrecision, nearest, randomized, seconds, sitting] of parsed.cells) {
        const { cells: _, ...column } = parsed
        const cell = {
          ...column,
          rate,
          seed,
          fullPrecision,
          nearest,
          randomized,
          seconds,
          sitting,
        }
        cells.set(nameOf(cell), cell)
      }
  }
  let written = Promise.resolve()
  return {
    all: () => [...cells.values()],
    sittings: () => sittings,
    find: (key) => cells.get(nameOf(key)),
    sit: (sitting) => sittings.push({ sitting: sittings.length, ...sitting }) - 1,
    add: (cell) => {
      const { fullPrecision, nearest, randomized } = cell
      const kept = {
        ...cell,
        fullPrecision: short(fullPrecision),
        nearest: short(nearest),
        randomized: short(randomized),
      }
      cells.set(nameOf(cell), kept)
      written = written.then(() => writeAtomic(path, textOf([...cells.values()], sittings)))
      return written
    },
  }
}

function lineIn(text: string, where: string): z.infer<typeof line> {
  try {
    return line.parse(JSON.parse(text))
  } catch {
    throw new Error(
      `${where}: expected a sitting, or a column with its table, format, method, settings and cells, found '${text.slice(0, 60)}'`,
    )
  }
}

/** Sittings, then a line a column of the tables; the same cells are the same text. */
function textOf(cells: readonly Cell[], sittings: readonly Sitting[]): string {
  const columns = new Map<string, Cell[]>()
  for (const cell of cells) {
    const { table, format, method, settings } = cell
    const head = JSON.stringify({ table, format, method, settings })
    columns.set(head, [...(columns.get(head) ?? []), cell])
  }
  const lines = [...columns].map(([head, own]) => {
    const rows = own
      .toSorted((a, b) => a.rate - b.rate || a.seed - b.seed)
      .map((cell) => [
        cell.rate,
        cell.seed,
        cell.fullPrecision,
        cell.nearest,
        cell.randomized,
        cell.seconds,
        cell.sitting,
      ])
    return `${head.slice(0, -1)},"cells":${JSON.stringify(rows)}}`
  })
  return [...sittings.map((each) => JSON.stringify(each)), ...lines.sort(), ''].join('\n')
}
