// The matrix as a table for people. Comes in: cells. Goes out: lines, one a family of functions, and those
// that are off.

import { isOff, type MatrixCell } from './run-matrix.js'

/** `noise/dithered(1)/int4/sample` belongs to `noise: sample`. */
function familyOf(entry: string): string {
  const [owner, ...rest] = entry.split('/')
  if (owner === 'formats' || owner === 'noise') return `${owner}: ${rest.at(-1)}`
  if (rest[0]!.includes('+')) return `${owner}: ${rest[0]}`
  return owner === 'optim' ? 'optim: one part' : owner!
}

function cellText(cells: readonly MatrixCell[]): string {
  if (cells.length === 0) return '-'
  if (cells.some(({ error }) => error !== undefined)) return 'error'
  const off = cells.reduce((sum, cell) => sum + cell.off, 0)
  return `${Math.max(...cells.map(({ worst }) => worst))}${off > 0 ? `, ${off} off` : ''}`
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)))
  return rows.map((row) =>
    row
      .map((text, c) => (c === 0 ? text.padEnd(widths[c]!) : text.padStart(widths[c]!)))
      .join('  ')
      .trimEnd(),
  )
}

/** Write the largest distance from the evaluation, in units of the last place, by family and executor. */
export function matrixTable(cells: readonly MatrixCell[], every = false): string {
  const executors = [...new Set(cells.map(({ executor }) => executor))]
  const rowOf = ({ entry }: MatrixCell): string => (every ? entry : familyOf(entry))
  const names = [...new Set(cells.map(rowOf))]
  const row = (name: string, mine: readonly MatrixCell[]): readonly string[] => [
    name,
    String(new Set(mine.map(({ entry }) => entry)).size),
    ...executors.map((executor) => cellText(mine.filter((cell) => cell.executor === executor))),
  ]
  const values = executors.map((executor) =>
    cells.filter((cell) => cell.executor === executor).reduce((sum, cell) => sum + cell.values, 0),
  )
  const off = cells.filter(isOff)
  return [
    ...aligned([
      ['largest distance in ulp', 'functions', ...executors],
      ...names.map((name) =>
        row(
          name,
          cells.filter((cell) => rowOf(cell) === name),
        ),
      ),
      row('all', cells),
      ['numbers compared', '', ...values.map((count) => `${(count / 1e6).toFixed(2)} M`)],
    ]),
    ...off.map(
      ({ entry, executor, worst, where, error }) =>
        `OFF ${entry} on ${executor}: ${error ?? `${worst} ulp at ${where}`}`,
    ),
  ].join('\n')
}
