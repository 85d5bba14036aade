// Layers. Comes in: records of the weights, of one run or of several. Goes out: a table a model, a row a
// parameter, found by its name in each method's own records.
// Source: bits a weight with its share of the scales, as @lotion/formats counts them.

import { significant } from '@lotion/cli/internal'
import type { WeightsRecord } from '../records.js'
import type { ParameterSeen } from '../runs/observed-weights.js'
import { grouped } from './grouped.js'
import { htmlTable } from './html-table.js'
import type { Markup } from './markup.js'
import { modelsOf, type SameModel } from './model-sizes.js'
import { atEnds } from './weights-figures.js'

/** Every parameter with its format, and of each method the signal to error at the end and the flips. */
export function layerTables(records: readonly WeightsRecord[]): readonly Markup[] {
  // Models of the same parameters stand side by side, whatever their formats.
  const alike = grouped(modelsOf(records), ({ parameters }) =>
    parameters
      .map(({ name, weights }) => `${name} ${weights}`)
      .sort()
      .join('\n'),
  )
  return [...alike.values()].map((models) => layerTable(records, models, alike.size > 1))
}

function layerTable(
  records: readonly WeightsRecord[],
  models: readonly SameModel[],
  isNamed: boolean,
): Markup {
  const methods = models.flatMap((model) => model.methods.map((method) => ({ method, model })))
  const whose = isNamed ? ` of ${methods.map(({ method }) => method).join(', ')}` : ''
  return htmlTable({
    caption: `Every parameter${whose}: bits a weight with its share of the scales; signal to error of the nearest cast at the end (dB, higher is better); weights that change their code in a step (%, mean over the evaluations). Means over the seeds.`,
    head: [
      'parameter',
      'weights',
      ...models.flatMap((model) => {
        const name = models.length > 1 ? `${model.methods.join(', ')}: ` : ''
        return [`${name}format`, 'block', 'bits']
      }),
      ...methods.flatMap(({ method }) => [`${method}, dB`, `${method}, flips %`]),
    ],
    rows: models[0]!.parameters.map(({ name, weights }) => [
      name,
      weights.toLocaleString('en'),
      ...models.flatMap((model) => {
        const { format = 'f32', block = '–', bits } = parameterOf(model, name)
        return [format, block, significant(bits)]
      }),
      ...methods.flatMap(({ method, model }) => endCells(records, method, model, name)),
    ]),
  })
}

const parameterOf = ({ parameters }: SameModel, name: string): ParameterSeen =>
  parameters.find((parameter) => parameter.name === name)!

/** Signal to error and flips of a parameter; of those that are not quantized nothing. */
function endCells(
  records: readonly WeightsRecord[],
  method: string,
  model: SameModel,
  name: string,
): readonly string[] {
  // Lists of a record have the quantized parameters alone, in the order of that run's list.
  const at = model.parameters.findIndex((parameter) => parameter.name === name)
  if (model.parameters[at]!.format === undefined) return ['–', '–']
  const own = records.filter((record) => record.method === method)
  const flips = meanOf(own.map((record) => record.flips?.[at]))
  const ends = meanOf(atEnds(own, 'end').map(({ sqnr }) => sqnr[at]))
  return [text(ends, 1), text(flips === undefined ? undefined : 100 * flips, 2)]
}

function meanOf(values: readonly (number | null | undefined)[]): number | undefined {
  const found = values.filter((value): value is number => typeof value === 'number')
  return found.length === 0 ? undefined : found.reduce((sum, value) => sum + value, 0) / found.length
}

const text = (value: number | undefined, digits: number): string =>
  value === undefined ? '–' : value.toFixed(digits)
