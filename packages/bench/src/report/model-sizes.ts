// Parameters and sizes, by method: runs in one report may differ in model, format and rules. Comes in:
// records of the weights. Goes out: what each method's own records tell, methods with the same together.
// Source: bits a weight with its share of the scales, as @lotion/formats counts them.

import { significant } from '@lotion/cli/internal'
import type { WeightsRecord } from '../records.js'
import type { ParameterSeen } from '../runs/observed-weights.js'
import { grouped } from './grouped.js'

/** Methods whose parameters are the same, formats and bits included. */
export interface SameModel {
  readonly methods: readonly string[]
  readonly parameters: readonly ParameterSeen[]
}

/** The models of some records, in their order, without methods whose parameters no record tells. */
export function modelsOf(records: readonly WeightsRecord[]): readonly SameModel[] {
  const methods = [...new Set(records.map(({ method }) => method))]
  const own = methods.flatMap((method) => {
    const parameters = records.find((record) => record.method === method && record.parameters)?.parameters
    return parameters && parameters.length > 0 ? [{ method, parameters }] : []
  })
  const groups = grouped(own, ({ parameters }) => JSON.stringify(parameters))
  return [...groups.values()].map((group) => ({
    methods: group.map(({ method }) => method),
    parameters: group[0]!.parameters,
  }))
}

/** Bytes of a model at the bits that it was trained for, and in f32. */
interface ModelBytes {
  readonly trained: number
  readonly full: number
  readonly weights: number
}

/** Sizes of a model. */
function bytesOf({ parameters }: SameModel): ModelBytes {
  const weights = parameters.reduce((sum, each) => sum + each.weights, 0)
  const bits = parameters.reduce((sum, each) => sum + each.bits * each.weights, 0)
  return { weights, full: 4 * weights, trained: bits / 8 }
}

/** `0.31 MB`; of toys `21 bytes`, `6.9 kB`. */
function sizeText(bytes: number): string {
  if (bytes < 1e3) return `${Math.ceil(bytes)} bytes`
  return bytes < 1e5 ? `${significant(bytes / 1e3)} kB` : `${significant(bytes / 1e6)} MB`
}

/** What a sentence is about, where there are several models. */
const whose = ({ methods }: SameModel, all: readonly SameModel[]): string =>
  all.length === 1 ? '' : `${methods.join(', ')}: `

/** The sizes of the verdict, a sentence a model. */
export function shortSizes(records: readonly WeightsRecord[]): readonly string[] {
  const models = modelsOf(records)
  return models.map((model) => {
    const { trained, full } = bytesOf(model)
    const name = whose(model, models)
    return `${name}${name === '' ? 'The' : 'the'} model takes ${sizeText(trained)} at the bits trained for, ${sizeText(full)} in f32.`
  })
}

/** The sentences about sizes, one a model. */
export function sizeTexts(records: readonly WeightsRecord[]): readonly string[] {
  const models = modelsOf(records)
  return models.map((model) => {
    const { weights, full, trained } = bytesOf(model)
    const quantized = model.parameters.filter(({ format }) => format !== undefined)
    const share = quantized.reduce((sum, each) => sum + each.weights, 0) / weights
    return `${whose(model, models)}${weights.toLocaleString('en')} weights, ${(100 * share).toFixed(0)} % of them quantized: ${sizeText(trained)} at the bits trained for, ${sizeText(full)} in f32 (${(full / trained).toFixed(1)} times as much).`
  })
}
