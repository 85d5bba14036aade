// The table that closes a language run. Comes in: a result of each method (and seed). Goes out: text.
// Source: docs/design/04-bench.md; losses are nats per token.

import type { ResultRecord } from '../records.js'
import { summarize } from '../tasks/summary.js'
import { rate, textTable } from '@lotion/cli'

/** What the table shows of a result. */
export type ResultsRow = Pick<
  ResultRecord,
  'method' | 'fullPrecision' | 'nearest' | 'randomized' | 'casts'
> & {
  readonly timing: Pick<ResultRecord['timing'], 'tokensPerSecond'>
}

/** Write the cells of one line a method, in the order of first appearance: name, full precision, nearest, randomized, speed. */
export function resultCells(rows: readonly ResultsRow[]): readonly (readonly string[])[] {
  return [...new Set(rows.map(({ method }) => method))].map((method) => {
    const own = rows.filter((row) => row.method === method)
    const cell = (key: 'fullPrecision' | 'nearest' | 'randomized'): string => {
      const { mean, std } = summarize(own.map((row) => row[key]))
      return std === null ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${std.toFixed(4)}`
    }
    const speed = summarize(own.map((row) => row.timing.tokensPerSecond)).mean
    return [method, cell('fullPrecision'), cell('nearest'), cell('randomized'), rate(speed)]
  })
}

/**
 * Lay out validation losses, one line a method in the order of first appearance; several seeds as mean ± sample
 * standard deviation.
 */
export function resultsTable(
  rows: readonly ResultsRow[],
  { plain = false }: { readonly plain?: boolean } = {},
): string {
  const casts = [...new Set(rows.map((row) => row.casts))].join('/')
  return textTable({
    head: ['method', 'full precision', 'nearest', `mean of ${casts} roundings`, 'tokens/s'],
    rows: resultCells(rows),
    plain,
  })
}
