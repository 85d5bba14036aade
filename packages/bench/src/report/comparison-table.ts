// A comparison for people, whatever the task. Comes in: what was found. Goes out: a table with its legend.
// Source: docs/design/04-bench.md. The lowest mean is marked together with those that the seeds cannot tell
// from it.

import { meanAndSpread, rate, significant, textTable } from '@lotion/cli/internal'
import type { ComparisonRecord, Findings } from '../records.js'
import { standings, type Standing } from '../runs/standings.js'
import { median, type Summary } from '../runs/summary.js'
import { takenNotes } from './taken-notes.js'
import type { LossReading } from '../tasks/task.js'

const marks: Readonly<Record<Standing, string>> = { best: '*', tied: '≈', behind: ' ' }

/** How many parameters have their bits told by name. */
const NAMED_BITS = 3

/** A column of the table: what it is called, what that means, and a cell a method. */
export interface Column {
  readonly head: string
  readonly meaning: string
  readonly cells: readonly string[]
}

/** The columns of the table, a cell a method in their order; the first and the last are words. */
export function comparisonColumns(
  { comparisons, results }: Pick<Findings, 'comparisons' | 'results'>,
  loss: LossReading,
): readonly Column[] {
  const marked = (key: 'nearest' | 'randomized'): readonly string[] => {
    const summaries = comparisons.map((record) => record[key])
    const standing = standings(
      comparisons.map(
        ({ method }) =>
          new Map(results.flatMap((each) => (each.method === method ? [[each.seed, each[key]]] : []))),
      ),
    )
    return summaries.map((summary, i) =>
      summaries.length > 1
        ? `${summaryText(summary, loss)} ${marks[standing[i]!]}`
        : summaryText(summary, loss),
    )
  }
  const speeds = comparisons.map(({ method }) => {
    const own = results.filter((result) => result.method === method)
    // 0 is of a run that ended, diverged, before a second step was timed.
    return median(own.flatMap(({ timing }) => timing.tokensPerSecond ?? []).filter((speed) => speed > 0))
  })
  const timed = speeds.some((speed) => speed !== undefined)
  const casts = [...new Set(comparisons.map(({ config }) => String(config['casts'])))].join('/')
  return [
    {
      head: 'method',
      meaning: 'how the weights were trained',
      cells: comparisons.map(({ method }) => method),
    },
    {
      // No aim of the methods: a mark here would praise the one that does not quantize.
      head: 'full precision',
      meaning: 'loss of the weights as they were trained',
      cells: comparisons.map((record) => summaryText(record.fullPrecision, loss)),
    },
    {
      head: 'nearest',
      meaning:
        'loss when each weight is rounded to the nearest value of the format, which is what a runtime gets: the number to compare methods by',
      cells: marked('nearest'),
    },
    {
      head: `mean of ${casts} roundings`,
      meaning:
        'mean loss over roundings in which chance decides between the two neighbouring values: it tells how firmly the weights sit on the grid',
      cells: marked('randomized'),
    },
    ...(timed ? [{ head: 'tokens/s', meaning: SPEED_MEANING, cells: speeds.map(speedText) }] : []),
    {
      head: 'setting',
      meaning: 'learning rate (lr), numbers of the method, and of how many settings they are the best',
      cells: comparisons.map(settingText),
    },
  ]
}

/** How the speed is taken. */
const SPEED_MEANING =
  'of the median step, evaluations and the first step, which traces the model, left out; the median of the seeds'

const speedText = (speed: number | undefined): string => (speed === undefined ? '–' : rate(speed))

/** How a comparison is laid out. */
export interface TableLayout {
  /** How its losses are called, written and read. */
  readonly loss: LossReading
  /** The format's title. */
  readonly format: string
  /** Steps that the task takes by default: a run of fewer is told to be short. */
  readonly usualSteps: number
  /** Without frames and colours, for what is no terminal. */
  readonly plain: boolean
}

/**
 * Lay out a comparison.
 * @param findings One comparison a method, and the results that they sum up.
 * @param layout How losses are written, and what the heading and the notes say.
 * @throws RangeError if nothing was found.
 */
export function comparisonText(
  findings: Pick<Findings, 'comparisons' | 'results'>,
  { loss, format, usualSteps, plain }: TableLayout,
): string {
  const first = findings.comparisons[0]
  if (!first) throw new RangeError('comparisons: expected at least one, found none')
  const columns = comparisonColumns(findings, loss)
  const head = columns.map((column) => column.head)
  const rows = findings.comparisons.map((_, i) => columns.map(({ cells }) => cells[i]!))
  const align = head.map((_, i) => (i === 0 || i === head.length - 1 ? 'left' : 'right'))
  const notes = [
    ...legend(findings.comparisons),
    ...(head.includes('tokens/s') ? [`tokens/s: ${SPEED_MEANING}.`] : []),
    ...takenNotes(findings.results),
    ...divergedNotes(findings.results, loss),
    ...shortRun(Number(first.config['steps']), usualSteps),
  ]
  return `${title(first, format, loss)}\n\n${textTable({ head, rows, align, plain })}\n${notes.join('\n')}\n`
}

/** A loss as tables have it. */
export function lossText(value: number, { decimals }: LossReading): string {
  return decimals === undefined ? significant(value) : value.toFixed(decimals)
}

function summaryText({ mean, std, values }: Summary, { decimals }: LossReading): string {
  if (values.every(Number.isNaN)) return '–'
  const lost = values.filter((value) => !Number.isFinite(value)).length
  if (lost > 0) return lost === values.length ? 'diverged' : `${lost} of ${values.length} diverged`
  if (decimals === undefined) return meanAndSpread(mean, std)
  return std === null ? mean.toFixed(decimals) : `${mean.toFixed(decimals)} ± ${std.toFixed(decimals)}`
}

function title(
  { task, bitsPerWeight, seeds, config }: ComparisonRecord,
  format: string,
  { name, unit }: LossReading,
): string {
  const from = Number(config['firstSeed'])
  const range = seeds === 1 ? `seed ${from}` : `${seeds} seeds (${from} to ${from + seeds - 1})`
  const measured = unit === undefined ? '' : `${name}, ${unit}; `
  return `${task}: ${measured}${format}, ${bitsText(bitsPerWeight)} bits a weight; ${String(config['steps'])} ${config['steps'] === 1 ? 'step' : 'steps'}; ${range}`
}

function bitsText(bits: ComparisonRecord['bitsPerWeight']): string {
  const entries = Object.entries(bits)
  if (entries.length <= NAMED_BITS)
    return entries.map(([name, each]) => `${significant(each)} (${name})`).join(', ')
  const [low, high] = [Math.min(...Object.values(bits)), Math.max(...Object.values(bits))]
  return low === high ? significant(low) : `${significant(low)} to ${significant(high)}`
}

/** What a method was trained with: learning rate, its numbers, and how many settings were tried. */
function settingText({ config, numbers }: Pick<ComparisonRecord, 'config' | 'numbers'>): string {
  const { learningRate, tuning } = config
  const number = (value: unknown): string =>
    typeof value === 'number' ? String(Number(significant(value))) : String(value)
  const parts = Object.entries({ lr: learningRate, ...numbers }).map(
    ([name, value]) => `${name === 'lambda' ? 'λ' : name} ${number(value)}`,
  )
  const tried =
    typeof tuning === 'object' && tuning !== null && 'settings' in tuning
      ? ` (best of ${String(tuning.settings)})`
      : ''
  return `${parts.join(', ')}${tried}`
}

/** What the marks and columns of the table mean, a line each. */
export function legend(records: readonly ComparisonRecord[]): readonly string[] {
  const several = records.some(({ seeds }) => seeds > 1)
  const marked = several
    ? '* lowest mean of the column; ≈ not told apart from it: the paired 95 % interval holds 0.'
    : '* lowest of the column; one seed tells little: use --seeds.'
  return [
    'Losses, lower is better: of the trained weights, after the nearest cast, and after randomized rounding.',
    ...(several ? ['Mean ± sample standard deviation over the seeds.'] : []),
    ...(records.length > 1 ? [marked] : []),
    ...(['optimizer', 'noise', 'fisher'] as const).flatMap((part) => partText(part, records)),
  ]
}

/** Which runs diverged, where, and what is left of them, a line each. */
export const divergedNotes = (results: Findings['results'], loss: LossReading): readonly string[] =>
  results.flatMap(({ method, seed, diverged, left }) => {
    if (diverged === undefined) return []
    const { best, job } = left ?? {}
    const kept =
      best && job !== undefined
        ? `; the best weights before that, of step ${best.step} (${lossText(best.nearest, loss)} after the cast), are weights/${job}.safetensors`
        : ''
    return [`${method}, seed ${seed} diverged: ${diverged}${kept}`]
  })

/** Whoever cuts a run short should not take the order of its methods for that of whole runs. */
const shortRun = (steps: number, usual: number): readonly string[] =>
  steps < usual
    ? [`A short run, ${steps} of the usual ${usual} steps: which method leads may change with more.`]
    : []

/** Which optimizer, noise or Fisher methods were trained with; which methods, where it is not all of them. */
function partText(
  part: 'optimizer' | 'noise' | 'fisher',
  records: readonly ComparisonRecord[],
): readonly string[] {
  const words = records.map(({ config }) => config[part]).filter((word) => typeof word === 'string')
  const texts = [...new Set(words)].map((word) => {
    const own = records.filter(({ config }) => config[part] === word)
    const module = own[0]!.modules.find((each) => each.kind === part && each.word === word)
    const users = own.length === records.length ? '' : ` (${own.map(({ method }) => method).join(', ')})`
    return `${word}${module ? `, ${module.name}` : ''}${users}`
  })
  return texts.length === 0 ? [] : [`${part[0]!.toUpperCase()}${part.slice(1)}: ${texts.join('; ')}.`]
}
