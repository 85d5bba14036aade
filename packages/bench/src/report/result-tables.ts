// Tables of losses. Comes in: what was found. Goes out: markup.
// Source: docs/design/04-bench.md, rules of a comparison.

import { rate, significant } from '@lotion/cli/internal'
import type { ComparisonRecord } from '../records.js'
import { bitsPerByte, bitsPerByteText } from './bits-per-byte.js'
import { comparisonColumns, legend, lossText, type Column } from './comparison-table.js'
import { grouped } from './grouped.js'
import { htmlTable } from './html-table.js'
import { markup, type Markup } from './markup.js'
import { unitText } from './loss-figures.js'
import type { Report } from './render-report.js'
import { formatWords, methodWords, wordList } from './words.js'
import type { Verdict } from './verdict.js'

/** Losses, the lowest marked; differences; for text perplexity and bits a byte; what the words mean. */
export function resultsTable(report: Report, verdict: Verdict | undefined): Markup {
  const { comparisons, loss, run } = report
  const known = comparisonColumns(report, loss)
  const columns = [...known.slice(0, -1), ...derivedColumns(report, verdict), known.at(-1)!]
  const format = run.config['format']
  const table = htmlTable({
    caption: `${unitText(loss)}${typeof format === 'string' ? `; ${format}` : ''}`,
    head: columns.map(({ head }) => head),
    rows: comparisons.map((_, i) => columns.map(({ cells }) => cells[i]!)),
    className: 'results',
    folds: true,
    ...(verdict ? { strong: comparisons.indexOf(verdict.best) } : {}),
  })
  return markup`${table}<p class="small">${[...sizes(comparisons), ...legend(comparisons)].join(' ')}</p>
${wordList([...methodWords(comparisons), ...formatWords(comparisons)])}
<details><summary>What the columns mean</summary>${wordList(columns.map(({ head, meaning }) => [head, meaning]))}</details>`
}

/** Bits a weight, once for all methods that share them. */
function sizes(comparisons: readonly ComparisonRecord[]): readonly string[] {
  const groups = grouped(comparisons, ({ bitsPerWeight }) => bitsText(bitsPerWeight))
  return [...groups].flatMap(([bits, own]) =>
    bits === ''
      ? []
      : [
          `${groups.size === 1 ? '' : `${own.map(({ method }) => method).join(', ')}: `}${bits} bits a quantized weight.`,
        ],
  )
}

function bitsText(bitsPerWeight: ComparisonRecord['bitsPerWeight']): string {
  const bits = Object.values(bitsPerWeight)
  if (bits.length === 0) return ''
  const [low, high] = [significant(Math.min(...bits)), significant(Math.max(...bits))]
  return low === high ? low : `${low} to ${high}`
}

/** What follows from the losses. */
function derivedColumns(report: Report, verdict: Verdict | undefined): readonly Column[] {
  const { comparisons, loss } = report
  const own = (text: (mean: number, record: ComparisonRecord) => string): readonly string[] =>
    comparisons.map((record) =>
      Number.isFinite(record.nearest.mean) ? text(record.nearest.mean, record) : '–',
    )
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${lossText(Math.abs(value), loss)}`
  const bits = comparisons.map((record) => bitsPerByte(record, loss))
  const rivals = new Map(verdict?.rivals.map((rival) => [rival.method, rival]))
  const isText = loss.unit?.startsWith('nats per') ?? false
  return [
    ...(verdict
      ? [
          {
            head: 'taken by the cast',
            meaning: 'nearest less the method’s own full precision',
            cells: own((mean, record) => signed(mean - record.fullPrecision.mean)),
          },
          {
            head: `Δ to ${verdict.best.method}`,
            meaning: `loss after the cast less that of ${verdict.best.method}, seed by seed; ± half of the 95 % interval by Student’s t, where other ± are the standard deviation over the seeds`,
            cells: own((_, record) => {
              const rival = rivals.get(record.method)
              if (!rival) return record === verdict.best ? 'lowest' : '–'
              return rival.half === null
                ? signed(rival.mean)
                : `${signed(rival.mean)} ± ${lossText(rival.half, loss)}`
            }),
          },
        ]
      : []),
    ...(isText
      ? [
          {
            head: 'perplexity',
            meaning: 'e to the loss after the cast: as unsure as among so many equally likely tokens',
            cells: own((mean) => significant(Math.exp(mean), 4)),
          },
        ]
      : []),
    ...(bits.some((value) => value !== undefined)
      ? [
          {
            head: 'bits a byte',
            meaning:
              'the loss after the cast in bits a byte of text, the same measure whatever the tokenizer',
            cells: bits.map(bitsPerByteText),
          },
        ]
      : []),
  ]
}

/** Every evaluation, a row each. */
export function evaluationsTable({ evaluations, loss }: Pick<Report, 'evaluations' | 'loss'>): Markup {
  const text = (value: number): string => lossText(value, loss)
  const [tokens, speed] = evaluations.some((record) => record.tokens !== undefined)
    ? [['tokens'], ['tokens/s']]
    : [[], []]
  // One draw, which the means of the results are not told by; runs without casts have none.
  const drawn = evaluations.some((record) => record.randomized !== undefined) ? ['one rounding'] : []
  return htmlTable({
    caption: `Every evaluation: ${unitText(loss)}`,
    head: ['method', 'seed', 'step', ...tokens, 'training', 'full precision', 'nearest', ...drawn, ...speed],
    rows: evaluations.map((record) => [
      record.method,
      String(record.seed),
      String(record.step),
      ...tokens.map(() => record.tokens?.toLocaleString('en') ?? '–'),
      record.training === null ? '–' : text(record.training),
      text(record.fullPrecision),
      text(record.nearest),
      ...drawn.map(() => (record.randomized === undefined ? '–' : text(record.randomized))),
      ...speed.map(() => rate(record.timing.tokensPerSecond ?? 0)),
    ]),
  })
}
