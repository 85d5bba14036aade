// Repeated steps as people and programs read them. Comes in: a report. Goes out: a table, or lines of JSON.
// Source: docs/design/06-traced-engine.md, order of sums.

import { significant, textTable } from '@lotion/cli'
import { deviceLine } from '../engine/device-description.js'
import type { RepeatsReport, RepeatsRow } from './bench-repeats.js'

/** Lay out a report: a line for each computation and kind of ids, a column for each width. */
export function repeatsTable(report: RepeatsReport, { plain }: { readonly plain: boolean }): string {
  const { rows, threads, device, runtime, seconds } = report
  const widths = [...new Set(rows.map(({ width }) => width))]
  const lines = [...new Set(rows.map(nameOf))].map((name) => rows.filter((row) => nameOf(row) === name))
  const table = textTable({
    head: ['computation', 'runs', 'differing', ...widths.map((width) => `ms at ${width}`)],
    rows: lines.map((cases) => [
      nameOf(cases[0]!),
      String(sum(cases, 'repeats')),
      String(sum(cases, 'differing')),
      ...widths.map((width) =>
        significant(cases.find((one) => one.width === width)?.milliseconds.median ?? null),
      ),
    ]),
    strong: lines.flatMap((cases, i) => (sum(cases, 'differing') > 0 ? [i] : [])),
    plain,
  })
  return [
    `runs on ${threads} threads, each compared in every bit with one on 1 thread; medians; widths ${widths.join(', ')}`,
    deviceLine(device),
    runtime,
    '',
    table,
    `${rows.length} cases, ${sum(rows, 'repeats')} runs, ${sum(rows, 'differing')} differing, ${seconds.toFixed(0)} s`,
    '',
  ].join('\n')
}

/** Write a report as JSON, a line a case. */
export function repeatsJson({ rows, ...shared }: RepeatsReport): string {
  return rows
    .map(({ milliseconds: { median, min, max }, ...row }) =>
      JSON.stringify({ ...row, milliseconds: { median, min, max }, ...shared }),
    )
    .map((line) => `${line}\n`)
    .join('')
}

const nameOf = ({ name, ids }: RepeatsRow): string => `${name}, ${ids}`

const sum = (rows: readonly RepeatsRow[], key: 'repeats' | 'differing'): number =>
  rows.reduce((total, row) => total + row[key], 0)
