// The page of the table. Comes in: what is compared, the cells. Goes out: Markdown; every number in it is
// counted or computed here.
// Source: docs/design/21-methods-table.md.
import { leafOf } from '@lotion/core'
import { bitsOf, divergedText, planOf } from '@lotion/bench/internal'
import { markdownTable } from '../markdown-table.mjs'
import type { Cell, CellBook, Sitting } from './cells.js'
import { findingsOf, type FormatFindings, type Row } from './findings.js'
import { cellsOf, comparisonOf } from './jobs.js'
import { fits, formatName, methodName, type Plan, type PlannedFormat, type TablePlan } from './plan.js'

/** What the page is made of. */
export interface PageOptions {
  readonly plan: Plan
  readonly book: Pick<CellBook, 'all' | 'sittings'>
  /** What the command is called on the page. */
  readonly command: string
}

/** With fewer seeds intervals are several times the spread. */
const FEW_SEEDS = 4

/** Write the page. */
export async function pageOf({ plan, book, command }: PageOptions): Promise<string> {
  const { own: cells, others } = await cellsOf(plan, book.all())
  const sections = await Promise.all(plan.tables.map((table) => sectionOf(plan, table, cells)))
  return [
    '# Methods',
    '',
    `Made by \`${command}\` from \`methods.jsonl\`, which holds every training; \`--page-only\` writes it again without any.`,
    'Methods are written as `--methods` takes them, in brackets the scale rule where it is not the format’s own, as `lotion cast --scale` takes it; formats',
    'as format and block. Lower is better. **Bold**: the lowest mean of a format, and whatever is not told apart from it, since the interval of the paired',
    `difference holds 0; a seed on which a method diverged is lost to it. All intervals are of 95 %, by Student’s t over the seeds. ${settings}`,
    '',
    ...sections.flat(),
    ...madeOf(plan, cells, others.length, book.sittings()),
  ].join('\n')
}

const settings =
  'Only the learning rate is chosen; everything else, λ among it, is what the command has when nothing is said.'

async function sectionOf(plan: Plan, table: TablePlan, cells: readonly Cell[]): Promise<readonly string[]> {
  const found = await findingsOf(plan, table, cells)
  const there = found.filter(({ rows }) => rows.length > 0)
  const { title, name, steps, loss, rates, choosing, reporting, casts } = table
  const head = [
    `## ${title}`,
    '',
    `\`lotion run ${name}\`, ${steps} steps; losses are ${loss}. The rate of each method and format, of ${rates.join(', ')}, is the one with the lowest`,
    `nearest loss on ${seedsText(choosing)}; ${seedsText(reporting)} report, with ${casts} randomized roundings each.`,
    ...missingOf(plan, table, cells, found),
    '',
  ]
  if (there.length === 0) return head
  const bits = await Promise.all(plan.formats.map((format) => bitsText(plan, table, format)))
  return [
    ...head,
    ...overviewOf(plan, table, found, bits),
    '',
    ...standingsOf(there),
    '',
    ...there.flatMap((each) => formatOf(plan, table, each)),
  ]
}

/** Nearest losses, methods by formats. */
function overviewOf(
  plan: Plan,
  table: TablePlan,
  found: readonly FormatFindings[],
  bits: readonly string[],
): readonly string[] {
  const cell = ({ rows, isWhole }: FormatFindings, method: string): string => {
    const row = rows.find((each) => each.method === method)
    if (!row) return ''
    const text = lossText(table, row.nearest)
    if (!isWhole) return `(${text})`
    return isCrowned(row) ? `**${text}**` : text
  }
  const names = plan.methods.map(methodName).filter((name) => found.some((each) => cell(each, name) !== ''))
  const counts = found.map(({ rows }) =>
    [...new Set(rows.map((row) => row.seeds.length))].sort((a, b) => a - b),
  )
  const rows = [
    ['bits a weight', ...bits],
    ['seeds', ...counts.map((own) => own.join(', '))],
    ...names.map((name) => [`\`${name}\``, ...found.map((each) => cell(each, name))]),
  ]
  const there = found.filter((each) => each.rows.length > 0)
  const ranked = there.filter((each) => each.isRanked)
  const few = Math.min(...ranked.map((each) => each.rows[0]!.seeds.length))
  return [
    'Mean loss after the nearest cast:',
    '',
    markdownTable(['', ...plan.formats.map(formatName)], rows),
    ...(few < FEW_SEEDS
      ? ['', `Of ${few} seeds the intervals are wide: next to nothing is told apart, and bold says little.`]
      : []),
    ...(there.some((each) => each.isWhole && !each.isRanked)
      ? ['', 'One seed tells nothing apart: such a format has no lowest mean and nothing bold.']
      : []),
    ...(there.some((each) => !each.isWhole)
      ? [
          '',
          'In brackets: formats of which methods or seeds are missing, or rates of some are chosen and of others not. Nothing is bold there: what was made first would look best.',
        ]
      : []),
  ]
}

const isCrowned = ({ standing }: Row): boolean => standing === 'best' || standing === 'tied'

/** In how many formats each method leads, of those that are ranked. */
function standingsOf(all: readonly FormatFindings[]): readonly string[] {
  const found = all.filter(({ isRanked }) => isRanked)
  if (found.length === 0) return ['No format is whole yet with two seeds or more: methods are not ranked.']
  const names = [...new Set(found.flatMap(({ rows }) => rows.map(({ method }) => method)))]
  const counted = names.map((name) => {
    const own = found.flatMap(({ rows }) => rows.filter((row) => row.method === name))
    const against = (is: (mean: number) => boolean): number =>
      own.filter(({ difference }) => difference?.isApart && is(difference.mean)).length
    return [
      `\`${name}\``,
      String(own.filter(({ standing }) => standing === 'best').length),
      String(own.filter(isCrowned).length),
      String(own.length),
      String(against((mean) => mean < 0)),
      String(against((mean) => mean > 0)),
    ]
  })
  return [
    `Of formats without brackets there ${found.length === 1 ? 'is one' : `are ${found.length}`}. In how many of them each method has the lowest mean, is not told apart from the lowest, was run, and is told apart from the baseline as better and as worse:`,
    '',
    markdownTable(['', 'lowest', 'level with it', 'run', 'better', 'worse'], counted),
  ]
}

/** All columns of a format. */
function formatOf(plan: Plan, table: TablePlan, { format, rows }: FormatFindings): readonly string[] {
  const bold = (row: Row, text: string): string => (isCrowned(row) ? `**${text}**` : text)
  const difference = ({ difference: found, method }: Row): string => {
    if (method === plan.baseline) return 'baseline'
    if (!found) return ''
    const lost = divergedText(found, 'baseline')
    if (lost !== '') return lost
    const half = found.half === null ? '' : ` ± ${lossText(table, found.half)}`
    const sign = found.mean > 0 ? '+' : found.mean < 0 ? '−' : ''
    return `${sign}${lossText(table, Math.abs(found.mean))}${half}`
  }
  const lines = rows.map((row) => [
    `\`${row.method}\``,
    `${row.rate}${row.tried === 0 ? ' (usual)' : ''}`,
    lossText(table, row.fullPrecision),
    bold(row, spreadText(table, row)),
    lossText(table, row.randomized),
    difference(row),
    String(row.seeds.length),
  ])
  const head = [
    'method',
    'rate',
    'full precision',
    'nearest',
    'randomized',
    `− \`${plan.baseline}\``,
    'seeds',
  ]
  return [`### ${table.title}, ${formatName(format)}`, '', markdownTable(head, lines), '']
}

/** What is not there yet, so that nobody takes a part for the whole. */
function missingOf(
  plan: Plan,
  table: TablePlan,
  cells: readonly Cell[],
  found: readonly FormatFindings[],
): readonly string[] {
  const own = cells.filter((cell) => cell.table === table.name)
  const parts = plan.formats.map((format, i) => {
    const methods = plan.methods.filter((method) => fits(format, method))
    const trials = own.filter(
      (cell) => cell.format === formatName(format) && table.choosing.includes(cell.seed),
    ).length
    const reports = found[i]!.rows.reduce((sum, { seeds }) => sum + seeds.length, 0)
    return {
      format,
      trials: [trials, methods.length * table.rates.length * table.choosing.length] as const,
      reports: [reports, methods.length * table.reporting.length] as const,
    }
  })
  const open = parts.filter(({ trials, reports }) => trials[0] < trials[1] || reports[0] < reports[1])
  if (open.length === 0) return []
  const rows = open.map(({ format, trials, reports }) => [
    formatName(format),
    trials.join(' of '),
    reports.join(' of '),
  ])
  return [
    '',
    '**A part of it is missing**; the same command goes on with it. Where rates are not all tried, the usual one is used, and said so.',
    '',
    markdownTable(['format', 'trainings that choose', 'trainings that report'], rows),
  ]
}

/** Who made the cells, with what, and what it took. */
function madeOf(
  plan: Plan,
  cells: readonly Cell[],
  others: number,
  sittings: readonly Sitting[],
): readonly string[] {
  const seconds = cells.reduce((sum, cell) => sum + cell.seconds, 0)
  const used = sittings.filter(({ sitting }) => cells.some((cell) => cell.sitting === sitting))
  const choosing = cells.filter(({ table, seed }) =>
    plan.tables.some(({ name, choosing }) => name === table && choosing.includes(seed)),
  ).length
  const distinct = (texts: readonly string[]): string => [...new Set(texts)].join('; ')
  return [
    '## How it was made',
    '',
    `${cells.length} trainings, ${choosing} of them to choose rates, in ${(seconds / 3600).toFixed(2)} hours of a processor; what two methods or formats have in common was trained once.`,
    '',
    ...(others === 0
      ? []
      : [
          `${others} trainings more lie in \`methods.jsonl\` that are of other settings (steps, roundings, options of the task, numbers of a method), or compared no more: they are on no table.`,
          '',
        ]),
    ...(used.length === 0
      ? []
      : [
          `- Machine: ${distinct(used.map(({ versions }) => `${versions['processor']}, ${versions['platform']}`))}`,
          `- Node ${distinct(used.map(({ versions }) => versions['node'] ?? ''))}, onnxruntime-node ${distinct(used.map(({ versions }) => versions['onnxruntime-node'] ?? ''))}`,
          `- Code: ${distinct(used.map(codeText))}`,
          `- From ${used[0]!.at.slice(0, 10)} to ${used.at(-1)!.at.slice(0, 10)}`,
          '',
        ]),
  ]
}

const codeText = ({ commit, begun = [] }: Sitting): string =>
  begun.length === 0 ? commit : `${commit}, going on with what ${begun.join(' and ')} began`

/** Bits a weight with its share of scales, over all weights that are quantized. */
async function bitsText(plan: Plan, table: TablePlan, format: PlannedFormat): Promise<string> {
  const planned = await planOf(comparisonOf(table, format, plan.methods[0]!))
  const { shapes } = planned.workload
  let [bits, weights] = [0, 0]
  for (const [name, each] of Object.entries(bitsOf(planned.workload, planned.format))) {
    const count = leafOf(shapes, name, 'shapes').reduce((product, extent) => product * extent, 1)
    bits += each * count
    weights += count
  }
  return String(Number((bits / weights).toFixed(2)))
}

const seedsText = (seeds: readonly number[]): string =>
  seeds.length === 1 ? `seed ${seeds[0]}` : `seeds ${seeds[0]} to ${seeds.at(-1)}`

const lossText = ({ decimals }: TablePlan, value: number): string => {
  if (!Number.isFinite(value)) return 'diverged'
  return decimals === undefined ? String(Number(value.toPrecision(3))) : value.toFixed(decimals)
}

const spreadText = (table: TablePlan, { nearest, std }: Row): string =>
  std === null || !Number.isFinite(nearest)
    ? lossText(table, nearest)
    : `${lossText(table, nearest)} ± ${lossText(table, std)}`
