// Command: `lotion inspect`. Comes in: a checkpoint and options. Goes out: a table of its tensors, or lines of JSON.
// Source: docs/design/04-bench.md.

import { openSafetensors, toFloat32, type SafetensorsFile } from '@lotion/checkpoints'
import { sizeOf, type NumberFormat } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { bitsPerWeight, formatTitle } from '@lotion/formats'
import { defineCommand } from '../cli/cli-command.js'
import { flag, pathValue } from '../cli/option-values.js'
import { significant } from '../console/number-text.js'
import { progressLine } from '../console/progress-line.js'
import { textTable, wantsPlain } from '../console/text-table.js'
import { chosenWeights, type WeightChoice } from './chosen-weights.js'
import { formatOf, weightOptions } from './weight-options.js'
import { addSums, ratiosOf, weightMeter, type WeightRatios, type WeightSums } from './weight-statistics.js'

/** A line of `--json`; the ratios are null for tensors that were not chosen or have weights that are not finite. */
interface TensorRecord {
  readonly parameter: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly format: string | null
  readonly bitsPerWeight: number | null
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
  summary: 'tell what a number format would do to the weights of a safetensors file',
  arguments: { from: { syntax: '<file>', description: 'the file to read', schema: pathValue } },
  options: {
    ...weightOptions,
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
  ],
  run: async ({ from, json, ...values }, { stdout, stderr, signal }) => {
    const format = formatOf(values)
    const file = await openSafetensors(from)
    const line = progressLine({
      label: 'inspect',
      total: Object.keys(file.tensors).length,
      stream: stderr,
      plainLines: false,
    })
    const rows: TensorRow[] = []
    try {
      for await (const row of inspected(file, format, { ...values, block: format.block })) {
        signal.throwIfAborted()
        rows.push(row)
        line.update({ step: rows.length })
        if (json) stdout.write(`${JSON.stringify(recordOf(row, format, values.axis))}\n`)
      }
    } finally {
      line.stop()
      await file.close()
    }
    if (!json) stdout.write(tableOf(rows, format, values.axis, wantsPlain(stdout)))
  },
})

/** A tensor as the header has it, and what was measured if it was chosen. */
interface TensorRow {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  readonly chosen: boolean
  readonly notFinite: number
  readonly sums?: WeightSums
}

/** Measure one tensor after the other; no more than one is in memory. */
async function* inspected(
  file: SafetensorsFile,
  format: NumberFormat,
  choice: WeightChoice,
): AsyncGenerator<TensorRow> {
  const layouts = chosenWeights(file, choice)
  const measure = weightMeter(cpuExecutor(), format)
  for (const [name, { dtype, shape }] of Object.entries(file.tensors)) {
    const layout = layouts.get(name)
    if (!layout) {
      yield { name, dtype, shape, chosen: false, notFinite: 0 }
      continue
    }
    const w = toFloat32(await file.tensor(name))
    const notFinite = w.reduce((count, x) => count + (Number.isFinite(x) ? 0 : 1), 0)
    const sums = notFinite === 0 ? { sums: measure(w, layout) } : {}
    yield { name, dtype, shape, chosen: true, notFinite, ...sums }
  }
}

function recordOf(
  { name, dtype, shape, chosen, notFinite, sums }: TensorRow,
  format: NumberFormat,
  axis: number,
): TensorRecord {
  const ratios = sums && ratiosOf(sums)
  return {
    parameter: name,
    dtype,
    shape,
    format: chosen ? format.name : null,
    bitsPerWeight: chosen ? bitsPerWeight(format, shape, axis) : null,
    notFinite,
    saturated: ratios?.saturated ?? null,
    variance: ratios?.variance ?? null,
    sqnr: ratios && Number.isFinite(ratios.sqnr) ? ratios.sqnr : null,
    onGrid: ratios?.onGrid ?? null,
  }
}

function tableOf(rows: readonly TensorRow[], format: NumberFormat, axis: number, plain: boolean): string {
  const measured = rows.flatMap(({ sums }) => sums ?? [])
  const chosen = rows.filter((row) => row.chosen)
  const weights = chosen.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const bits = chosen.reduce((sum, { shape }) => sum + sizeOf(shape) * bitsPerWeight(format, shape, axis), 0)
  const all = measured.length > 0 ? cellsOf(ratiosOf(measured.reduce(addSums))) : blank
  const table = textTable({
    head: ['parameter', 'shape', 'dtype', 'bits', 'saturated', 'mean σ²', 'SQNR', 'on the grid'],
    align: ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'right'],
    rows: [
      ...rows.map(({ name, shape, dtype, chosen: cast, notFinite, sums }) => [
        name,
        shape.join(' × '),
        dtype,
        cast ? significant(bitsPerWeight(format, shape, axis)) : '–',
        ...(sums
          ? cellsOf(ratiosOf(sums))
          : notFinite > 0
            ? [`${notFinite} not finite`, '–', '–', '–']
            : blank),
      ]),
      [`all ${chosen.length}`, `${weights} weights`, '', significant(bits / weights), ...all],
    ],
    strong: [rows.length],
    plain,
  })
  return `${formatTitle(format)}, scale ${format.scale.name}; σ² of randomized rounding, SQNR of the nearest cast\n\n${table}`
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
