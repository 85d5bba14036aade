// Tables of losses. Comes in: what was found. Goes out: HTML.
// Source: docs/design/04-bench.md, rules of a comparison.

import { rate, significant } from '@lotion/cli/internal'
import { bitsPerByte, bitsPerByteText } from './bits-per-byte.js'
import { comparisonCells, legend, lossText } from './comparison-table.js'
import { escapeHtml, htmlTable } from './html-text.js'
import { unitText } from './loss-figures.js'
import type { Report } from './render-report.js'
import type { Verdict } from './verdict.js'

/** Losses of methods, the lowest marked; differences; for text perplexity and bits a byte. */
export function resultsTable(report: Report, verdict: Verdict | undefined): string {
  const { comparisons, loss, run } = report
  const { head, rows } = comparisonCells(report, loss)
  const nearest = comparisons.map((record) => record.nearest.mean)
  const own = (text: (mean: number, i: number) => string): readonly string[] =>
    nearest.map((mean, i) => (Number.isFinite(mean) ? text(mean, i) : '–'))
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${lossText(Math.abs(value), loss)}`
  const bits = comparisons.map((record) => bitsPerByte(record, loss))
  const isText = loss.unit?.startsWith('nats per') ?? false
  const rivals = new Map(verdict?.rivals.map((rival) => [rival.method, rival]))
  const columns: readonly (readonly [string, readonly string[]])[] = [
    ...(verdict
      ? ([
          ['taken by the cast', own((mean, i) => signed(mean - comparisons[i]!.fullPrecision.mean))],
          [
            `Δ to ${verdict.best.method}`,
            own((_, i) => {
              const rival = rivals.get(comparisons[i]!.method)
              if (!rival) return comparisons[i] === verdict.best ? 'lowest' : '–'
              return rival.half === undefined
                ? signed(rival.mean)
                : `${signed(rival.mean)} ± ${lossText(rival.half, loss)}`
            }),
          ],
        ] as const)
      : []),
    ...(isText ? ([['perplexity', own((mean) => significant(Math.exp(mean), 4))]] as const) : []),
    ...(bits.some((value) => value !== undefined)
      ? ([['bits a byte', bits.map(bitsPerByteText)]] as const)
      : []),
  ]
  const setting = head.length - 1
  const insert = (row: readonly string[], more: readonly string[]): readonly string[] => [
    ...row.slice(0, setting),
    ...more,
    row[setting]!,
  ]
  // The table's own interval is the wider, honest one for few seeds.
  const plain = (cell: string): string => cell.replace(' ≈', '')
  const weights = Object.values(comparisons[0]?.bitsPerWeight ?? {})
  const [low, high] = [Math.min(...weights), Math.max(...weights)]
  const size =
    weights.length === 0
      ? []
      : [`${significant(low)}${low === high ? '' : ` to ${significant(high)}`} bits a quantized weight.`]
  const marks = legend(comparisons).map((line) =>
    line.startsWith('* lowest mean')
      ? '* lowest mean of the column; taken by the cast: nearest less the method’s own full precision; Δ ± half of the 95 % interval, other ± the standard deviation over the seeds.'
      : line,
  )
  const table = htmlTable({
    caption: `${unitText(loss)}${typeof run.config['format'] === 'string' ? `; ${run.config['format']}` : ''}`,
    head: insert(
      head,
      columns.map(([name]) => name),
    ),
    rows: rows.map((row, i) =>
      insert(
        row.map(plain),
        columns.map(([, cells]) => cells[i]!),
      ),
    ),
    className: 'results',
    ...(verdict ? { strong: comparisons.indexOf(verdict.best) } : {}),
  })
  return `${table}<p class="small">${escapeHtml([...size, ...marks].join(' '))}</p>`
}

/** Every evaluation, a row each. */
export function evaluationsTable({ evaluations, loss }: Report): string {
  const text = (value: number): string => lossText(value, loss)
  const [tokens, speed] = evaluations.some((record) => record.tokens !== undefined)
    ? [['tokens'], ['tokens/s']]
    : [[], []]
  return htmlTable({
    caption: `Every evaluation: ${unitText(loss)}`,
    head: ['method', 'seed', 'step', ...tokens, 'training', 'full precision', 'nearest', ...speed],
    rows: evaluations.map((record) => [
      record.method,
      String(record.seed),
      String(record.step),
      ...tokens.map(() => record.tokens?.toLocaleString('en') ?? '–'),
      record.training === null ? '–' : text(record.training),
      text(record.fullPrecision),
      text(record.nearest),
      ...speed.map(() => rate(record.timing.tokensPerSecond ?? 0)),
    ]),
  })
}
