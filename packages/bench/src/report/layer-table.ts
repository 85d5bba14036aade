// Sizes and layers. Comes in: records of the weights. Goes out: a table a parameter, and megabytes.
// Source: bits a weight with its share of the scales, as @lotion/formats counts them.

import { significant } from '@lotion/cli/internal'
import type { WeightsRecord } from '../records.js'
import type { ParameterSeen } from '../runs/observed-weights.js'
import { htmlTable } from './html-text.js'
import { atEnds } from './weights-figures.js'

/** Bytes of a model at the bits that it was trained for, and in f32. */
export interface ModelBytes {
  readonly trained: number
  readonly full: number
  readonly weights: number
}

/** The parameters, as the first record tells them. */
const parametersOf = (records: readonly WeightsRecord[]): readonly ParameterSeen[] =>
  records.find(({ parameters }) => parameters)?.parameters ?? []

/** Sizes of a model; nothing where no record tells its parameters. */
export function bytesOf(records: readonly WeightsRecord[]): ModelBytes | undefined {
  const parameters = parametersOf(records)
  if (parameters.length === 0) return undefined
  const weights = parameters.reduce((sum, each) => sum + each.weights, 0)
  const bits = parameters.reduce((sum, each) => sum + each.bits * each.weights, 0)
  return { weights, full: 4 * weights, trained: bits / 8 }
}

/** `0.31 MB`. */
export const megabytes = (bytes: number): string => `${significant(bytes / 1e6)} MB`

/** The sentence about size. */
export function sizeText(records: readonly WeightsRecord[]): string {
  const bytes = bytesOf(records)
  if (!bytes) return ''
  const { weights, full, trained } = bytes
  const quantized = parametersOf(records).filter(({ format }) => format !== undefined)
  const share = quantized.reduce((sum, each) => sum + each.weights, 0) / weights
  return `${weights.toLocaleString('en')} weights, ${(100 * share).toFixed(0)} % of them quantized: ${megabytes(trained)} at the bits trained for, ${megabytes(full)} in f32 (${(full / trained).toFixed(1)} times as much).`
}

/** Every parameter with its format, and of each method the signal to error at the end and the flips. */
export function layerTable(records: readonly WeightsRecord[]): string {
  const parameters = parametersOf(records)
  if (parameters.length === 0) return ''
  const methods = [...new Set(records.map(({ method }) => method))]
  const of = (method: string): readonly WeightsRecord[] => records.filter((each) => each.method === method)
  const mean = (values: readonly (number | null | undefined)[]): number | undefined => {
    const found = values.filter((value): value is number => typeof value === 'number')
    return found.length === 0 ? undefined : found.reduce((sum, value) => sum + value, 0) / found.length
  }
  const text = (value: number | undefined, digits: number): string =>
    value === undefined ? '–' : value.toFixed(digits)
  return htmlTable({
    caption:
      'Every parameter: bits a weight with its share of the scales; signal to error of the nearest cast at the end (dB, higher is better); weights that change their code in a step (%, mean over the evaluations). Means over the seeds.',
    head: [
      'parameter',
      'weights',
      'format',
      'block',
      'bits',
      ...methods.flatMap((method) => [`${method}, dB`, `${method}, flips %`]),
    ],
    rows: parameters.map(({ name, weights, format = 'f32', block = '–', bits }, i) => [
      name,
      weights.toLocaleString('en'),
      format,
      block,
      significant(bits),
      ...methods.flatMap((method) => {
        if (format === 'f32') return ['–', '–']
        const flips = mean(of(method).map((record) => record.flips?.[i]))
        const ends = atEnds(of(method), 'end').map(({ sqnr }) => sqnr[i])
        return [text(mean(ends), 1), text(flips === undefined ? undefined : 100 * flips, 2)]
      }),
    ]),
  })
}
