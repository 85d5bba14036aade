// A comparison for people. Comes in: one record a method. Goes out: a table with its legend.
// Source: docs/design/04-bench.md. The lowest mean is marked together with those that the seeds cannot tell from it.

import { parseBlock } from '@lotion/core'
import { formatByName, formatTitle, withBlock } from '@lotion/formats'
import { meanAndSpread, significant, textTable } from '@lotion/cli'
import type { ComparisonRecord } from '../tasks/comparison.js'
import { standings, type Standing, type Summary } from '../tasks/summary.js'

const marks: Readonly<Record<Standing, string>> = { best: '*', tied: '≈', behind: ' ' }

/** Lay out a comparison. @throws RangeError if there are no records. */
export function comparisonText(
  records: readonly ComparisonRecord[],
  { plain }: { readonly plain: boolean },
): string {
  const first = records[0]
  if (!first) throw new RangeError('records: expected at least one, found none')
  const full = records.map(({ fullPrecision: { mean, std } }) => meanAndSpread(mean, std))
  // The full-precision loss is no aim of the methods: a mark there would praise the one that does not quantize.
  const [nearest, randomized] = [
    marked(records.map((record) => record.nearest)),
    marked(records.map((record) => record.randomized)),
  ]
  const table = textTable({
    head: [
      'method',
      'full precision',
      'nearest',
      `mean of ${String(first.config['casts'])} roundings`,
      'setting',
    ],
    rows: records.map((record, i) => [
      record.method,
      full[i]!,
      nearest[i]!,
      randomized[i]!,
      settingText(record),
    ]),
    align: ['left', 'right', 'right', 'right', 'left'],
    plain,
  })
  return `${title(first)}\n\n${table}\n${legend(records)}\n`
}

function marked(summaries: readonly Summary[]): readonly string[] {
  const standing = standings(summaries)
  return summaries.map(({ mean, std }, i) => {
    const text = meanAndSpread(mean, std)
    return summaries.length > 1 ? `${text} ${marks[standing[i]!]}` : text
  })
}

function title({ task, format, block, bitsPerWeight, seeds, config }: ComparisonRecord): string {
  const bits = Object.entries(bitsPerWeight).map(([name, each]) => `${significant(each)} (${name})`)
  const from = Number(config['firstSeed'])
  const range = seeds === 1 ? `seed ${from}` : `${seeds} seeds (${from} to ${from + seeds - 1})`
  return `${task}: ${formatTitle(withBlock(formatByName(format), parseBlock(block)))}, ${bits.join(', ')} bits a weight; ${String(config['steps'])} ${config['steps'] === 1 ? 'step' : 'steps'}; ${range}`
}

function settingText({ config }: ComparisonRecord): string {
  const { learningRate, lambda, tuning } = config
  const parts = [
    `lr ${significantOf(learningRate)}`,
    ...(lambda === undefined ? [] : [`λ ${significantOf(lambda)}`]),
  ]
  const tried =
    typeof tuning === 'object' && tuning !== null && 'settings' in tuning
      ? ` (best of ${String(tuning.settings)})`
      : ''
  return `${parts.join(', ')}${tried}`
}

function significantOf(value: unknown): string {
  return typeof value === 'number' ? String(Number(significant(value))) : String(value)
}

function legend(records: readonly ComparisonRecord[]): string {
  const lines = [
    'Losses, lower is better: of the trained weights, after the nearest cast, and after randomized rounding.',
  ]
  if (records[0]!.seeds > 1) lines.push('Mean ± sample standard deviation over the seeds.')
  if (records.length > 1) {
    lines.push(
      records[0]!.seeds > 1
        ? '* lowest mean of the column; ≈ within two standard errors of it, seed by seed.'
        : '* lowest of the column; one seed tells little: use --seeds.',
    )
  }
  return lines.join('\n')
}
