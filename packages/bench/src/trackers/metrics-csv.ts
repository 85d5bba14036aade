// The measures of runs as a table of comma-separated values. Comes in: points. Goes out: text: a line a
// method, seed and step, a column a measure.
// Source: RFC 4180, with line feeds alone; numbers as JavaScript writes them read back to the same bits.

import type { Point } from './points.js'

/**
 * Write the table.
 * @param points In the order of the lines; those of one method, seed and step share a line.
 * @param run Of each point, for a first column; absent where all are of one.
 */
export function metricsCsv(points: readonly (Point & { readonly run?: string })[]): string {
  const lines = new Map<string, Map<string, string>>()
  const columns = new Set<string>()
  for (const { run, method, seed, step, at, values } of points) {
    const place = { ...(run === undefined ? {} : { run }), method, seed, step, at }
    const key = JSON.stringify([run, method, seed, step])
    const line = lines.get(key) ?? new Map(Object.entries(place).map(([name, value]) => [name, field(value)]))
    lines.set(key, line)
    for (const name of Object.keys(place)) columns.add(name)
    for (const [name, value] of Object.entries(values)) line.set(name, field(value))
  }
  for (const { values } of points) for (const name of Object.keys(values)) columns.add(name)
  return [
    [...columns].map(field),
    ...[...lines.values()].map((line) => [...columns].map((name) => line.get(name) ?? '')),
  ]
    .map((fields) => `${fields.join(',')}\n`)
    .join('')
}

/** A field; in quotes where it holds what separates fields and lines. */
function field(value: string | number): string {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
