// What a speed test found, as people and programs read it. Comes in: a report. Goes out: tables, or lines of
// JSON.
// Source: docs/design/12-speed-tests.md.

import { textTable, type TextTableOptions } from '@lotion/cli/internal'
import type { AbsentCompetitor } from './compare.js'
import { deviceLine, type DeviceDescription } from './device-description.js'

/** What was found where. */
export interface BenchReport<Row extends object = object> {
  /** What was measured and how, in a line. */
  readonly title: string
  readonly device: DeviceDescription
  /** Lines on what ran it. */
  readonly facts?: readonly string[]
  readonly rows: readonly Row[]
  /** The rows for people; further tables, of what follows from them, come last. */
  readonly tables: readonly Omit<TextTableOptions, 'plain'>[]
  /** Lines below the first table. */
  readonly notes?: readonly string[]
  readonly absent?: readonly AbsentCompetitor[]
  /** The key of a competitor's name in JSON. Default: `competitor`. */
  readonly nameKey?: string
  /** Further lines of JSON, after the rows. */
  readonly derived?: readonly object[]
  /** Fields that every line of JSON has; the device is one in any case. */
  readonly shared: Readonly<Record<string, unknown>>
  /** What was checked and did not hold: reported with status 1. */
  readonly failed?: string
}

/** A column: its head, a row's text, and its side if that is not the right one. */
export type Column<Row> = readonly [head: string, text: (row: Row) => string, side?: 'left']

/** Make a table of rows, some of them stressed. The first column stands to the left. */
export const tableOf = <Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  strong: (row: Row) => boolean = () => false,
): BenchReport['tables'][number] => ({
  head: columns.map(([head]) => head),
  rows: rows.map((row) => columns.map(([, text]) => text(row))),
  align: columns.map(([, , side], i) => side ?? (i === 0 ? 'left' : 'right')),
  strong: rows.flatMap((row, i) => (strong(row) ? [i] : [])),
})

/** Say what is bound to processors, or that nothing is. */
export const boundText = (bound: readonly string[]): string =>
  bound.length > 0
    ? `bound to processors: ${bound.join('; ')}`
    : 'threads are not bound to processors: two may share a core'

/** Lay out a report. */
export function reportText(report: BenchReport, { plain }: { readonly plain: boolean }): string {
  const { title, device, facts = [], tables, notes = [], absent = [] } = report
  const [first, ...others] = tables.map((table) => textTable({ ...table, plain }))
  return [
    title,
    deviceLine(device),
    ...facts,
    '',
    ...(first === undefined ? [] : [first]),
    ...notes,
    ...absent.map(({ name, absent: why }) => `SKIPPED ${name}: ${why}`),
    '',
    ...others,
  ].join('\n')
}

/** Write a report as JSON: a line a row, a line for what follows from them, a line for whoever is missing. */
export function reportJson(report: BenchReport): string {
  const { rows, derived = [], absent = [], nameKey = 'competitor', shared, device } = report
  const missing = absent.map(({ name, absent: skipped }) => ({ [nameKey]: name, skipped }))
  return [...rows, ...derived, ...missing]
    .map((line) => `${JSON.stringify({ ...line, ...shared, device })}\n`)
    .join('')
}
