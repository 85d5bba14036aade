// Command: `lotion inspect`. Comes in: a checkpoint and options. Goes out: a table of its tensors, or lines
// of JSON.
// Source: docs/design/04-bench.md.

import {
  addSums,
  inspectWeights,
  openCheckpoint,
  planWeights,
  ratiosOf,
  type Checkpoint,
  type WeightPlan,
  type WeightRatios,
  type WeightSums,
} from '@lotion/checkpoints'
import { sizeOf, type NumberFormat } from '@lotion/core'
import { titleWithScale } from '@lotion/formats/internal'
import { defineCommand } from '../kit/cli-command.js'
import { flag, maybe, pathValue } from '../kit/option-values.js'
import { significant } from '../console/number-text.js'
import { progressLine } from '../console/progress-line.js'
import { terminalText } from '../console/terminal-text.js'
import { textTable, wantsPlain } from '../console/text-table.js'
import { inspectAgainst } from './inspect-against.js'
import { planLines, planRecords, planWarnings, type PlanRecord } from './plan-text.js'
import { BLOCK_ADVICE, inTypedWords, wantedGrid, weightOptions } from './weight-options.js'

/** A line of `--json`; the ratios are null for tensors not chosen or with weights that are not finite. */
interface TensorRecord extends PlanRecord {
  /** Weights that are infinite or no number. */
  readonly notFinite: number
  readonly saturated: number | null
  readonly variance: number | null
  /** In dB; null also where the cast loses nothing. */
  readonly sqnr: number | null
  readonly onGrid: number | null
}

/** Tell what a number format would do to the weights of a file. */
export const inspectCommand = defineCommand({
  path: ['inspect'],
  summary: 'tell what a number format would do to the weights of a safetensors or GGUF file',
  arguments: {
    from: {
      syntax: '<file>',
      description: 'the file to read, or the index or folder of one in shards',
      schema: pathValue,
    },
  },
  options: {
    ...weightOptions,
    against: {
      flags: '--against <model>',
      description:
        'count instead the weights that differ from those of this run, file or folder, whatever layout either has',
      schema: maybe(pathValue),
    },
    json: {
      flags: '--json',
      description: 'print one line of JSON a tensor on standard output, and nothing else there',
      schema: flag,
    },
  },
  examples: [
    'lotion inspect model.safetensors',
    'lotion inspect model.safetensors --format nvfp4 --only mlp',
    'lotion inspect model.safetensors --format mxfp4 --scale e8m0-ceil --json',
    'lotion inspect mine.gguf --against runs/mine',
  ],
  run: async ({ from, against, json, ...values }, context) => {
    const { stdout, stderr, warn, signal } = context
    if (against !== undefined) return inspectAgainst({ from, against, json }, values, context)
    const file = await openCheckpoint(from)
    const line = progressLine({
      label: 'inspect',
      total: Object.keys(file.tensors).length,
      stream: stderr,
      plainLines: false,
    })
    const rows: TensorRow[] = []
    try {
      const { format, ...grid } = await wantedGrid(file, values)
      const plan = planWeights(file, { ...values, ...grid, format })
      for (const warning of planWarnings(plan, format, BLOCK_ADVICE)) warn(warning)
      for await (const row of inspected(file, plan, format)) {
        signal.throwIfAborted()
        rows.push(row)
        line.update({ step: rows.length })
        if (json) stdout.write(`${JSON.stringify(recordOf(row))}\n`)
      }
      line.stop()
      if (!json) stdout.write(tableOf(rows, plan, format, stdout))
    } catch (error) {
      throw inTypedWords(error)
    } finally {
      line.stop()
      await file.close()
    }
  },
})

/** What the plan has of a tensor, and what was measured if it was chosen. */
interface TensorRow {
  readonly plan: PlanRecord
  /** Weights that are infinite or no number. */
  readonly notFinite: number
  readonly sums?: WeightSums
}

/** Measure one tensor after the other, in the file's order. */
async function* inspected(
  file: Checkpoint,
  { chosen, kept }: WeightPlan,
  format: NumberFormat,
): AsyncGenerator<TensorRow> {
  const records = new Map(
    planRecords({ chosen, kept }, format).map((record) => [record.parameter, record] as const),
  )
  const names = new Set([...Object.keys(file.tensors).filter((name) => records.has(name)), ...records.keys()])
  const ordered = new Map([...names].flatMap((name) => (chosen.has(name) ? [[name, chosen.get(name)!]] : [])))
  const measured = inspectWeights(file, { chosen: ordered }, format)
  for (const name of names) {
    const found = chosen.has(name) ? (await measured.next()).value : undefined
    yield {
      plan: records.get(name)!,
      notFinite: found?.notFinite ?? 0,
      ...(found?.sums && { sums: found.sums }),
    }
  }
}

function recordOf({ plan, notFinite, sums }: TensorRow): TensorRecord {
  const ratios = sums && ratiosOf(sums)
  return {
    ...plan,
    notFinite,
    saturated: ratios?.saturated ?? null,
    variance: ratios?.variance ?? null,
    sqnr: ratios && Number.isFinite(ratios.sqnr) ? ratios.sqnr : null,
    onGrid: ratios?.onGrid ?? null,
  }
}

function tableOf(
  rows: readonly TensorRow[],
  plan: WeightPlan,
  format: NumberFormat,
  stdout: NodeJS.WriteStream,
): string {
  const measured = rows.flatMap(({ sums }) => sums ?? [])
  const chosen = [...plan.chosen.values()]
  const weights = chosen.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const bits = chosen.reduce((sum, { shape, bits: each }) => sum + sizeOf(shape) * each, 0)
  const all = measured.length > 0 ? cellsOf(ratiosOf(measured.reduce(addSums))) : blank
  const table = textTable({
    head: ['parameter', 'shape', 'dtype', 'bits', 'saturated', 'mean σ²', 'SQNR', 'on the grid'],
    align: ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'right'],
    rows: [
      ...rows.map(({ plan: { parameter, shape, dtype, bitsPerWeight }, notFinite, sums }) => [
        terminalText(parameter),
        shape.join(' × '),
        dtype,
        bitsPerWeight === null ? '–' : significant(bitsPerWeight),
        ...(sums
          ? cellsOf(ratiosOf(sums))
          : notFinite > 0
            ? [`${notFinite} not finite`, '–', '–', '–']
            : blank),
      ]),
      [`all ${chosen.length}`, `${weights} weights`, '', significant(bits / weights), ...all],
    ],
    strong: [rows.length],
    plain: wantsPlain(stdout),
    width: stdout.columns,
  })
  const title = `${titleWithScale(format)}; σ² of randomized rounding, SQNR of the nearest cast`
  return `${title}\n\n${table}\n${planLines(plan, format).join('\n')}\n`
}

const blank = ['–', '–', '–', '–']

function cellsOf({ saturated, variance, sqnr, onGrid }: WeightRatios): readonly string[] {
  return [
    percent(saturated),
    significant(variance),
    Number.isFinite(sqnr) ? `${sqnr.toFixed(1)} dB` : '∞',
    percent(onGrid),
  ]
}

function percent(share: number): string {
  return `${significant(100 * share)} %`
}
