// Figures of losses: curves over the training, and paired differences with their intervals. Comes in: what
// was found. Goes out: figures.
// Source: docs/design/04-bench.md, rules of a comparison.

import type { EvaluationRecord, Findings, WeightsRecord } from '../records.js'
import type { LossReading } from '../tasks/task.js'
import { lossText } from './comparison-table.js'
import type { Figure } from './figure.js'
import { curves, type Reading } from './series.js'
import type { Series } from './svg-plot.js'
import { differenceText, signedText, type Verdict } from './verdict.js'

/** What losses are called, with their unit. */
export const unitText = ({ name, unit }: LossReading): string =>
  unit === undefined ? name : `${name}, ${unit}`

/** Where records stand on the axis of a run. */
export function axisOf(records: readonly (EvaluationRecord | WeightsRecord)[]): {
  readonly name: string
  readonly at: (record: Pick<EvaluationRecord, 'step' | 'tokens'>) => number
} {
  return records.some(({ tokens }) => tokens === undefined)
    ? { name: 'training steps', at: ({ step }) => step }
    : { name: 'training tokens', at: ({ tokens, step }) => tokens ?? step }
}

/** Losses over the training: solid after the nearest cast, dashed in full precision. */
export function lossFigure(
  { evaluations }: Pick<Findings, 'evaluations'>,
  loss: LossReading,
  colour: ReadonlyMap<string, number>,
  verdict: Verdict | undefined,
): Figure | undefined {
  if (evaluations.length === 0) return undefined
  const axis = axisOf(evaluations)
  const readings = (key: 'nearest' | 'fullPrecision'): readonly Reading[] =>
    evaluations.map((record) => ({
      method: record.method,
      seed: record.seed,
      at: axis.at(record),
      value: Number.isFinite(record[key]) ? record[key] : undefined,
    }))
  const series = [
    ...curves(readings('fullPrecision'), colour, { dashed: true, spread: false, labelled: false }).map(
      (each) => ({ ...each, name: `${each.name}, full precision` }),
    ),
    ...curves(readings('nearest'), colour),
  ]
  if (series.length === 0) return undefined
  const said = verdict
    ? ` At the end ${verdict.best.method} has the lowest mean after the cast, ${lossText(verdict.best.nearest.mean, loss)}.`
    : ''
  const several = new Set(evaluations.map(({ seed }) => seed)).size > 1
  return {
    title: `Loss while training`,
    caption: `Solid: after the nearest cast; dashed: full precision.${several ? ' Lines are means over the seeds, bands reach from the lowest to the highest seed, points are the seeds at the end.' : ''} Where the first third of the run is far above the rest, it is cut off.${said}`,
    x: { name: axis.name },
    y: { name: unitText(loss), range: rangeOf(series) },
    series,
    wide: true,
  }
}

/** The range of the last two thirds of the run: the first steps are far above all differences. */
function rangeOf(series: readonly Series[]): readonly [number, number] {
  const end = Math.max(...series.flatMap(({ points }) => points.map(([at]) => at)))
  const late = series.flatMap(({ points, upper = [] }) =>
    [...points, ...upper].flatMap(([at, value]) => (value !== null && at >= end / 3 ? [value] : [])),
  )
  if (late.length === 0) return [0, 1]
  const [low, high] = [Math.min(...late), Math.max(...late)]
  const margin = 0.06 * (high - low) || Math.abs(low) * 0.05 || 1
  return [low - margin, high + margin]
}

/** Paired differences to the best method: an interval and the seeds' points, a row a method. */
export function differenceFigure(
  { results }: Pick<Findings, 'results'>,
  verdict: Verdict | undefined,
  loss: LossReading,
  colour: ReadonlyMap<string, number>,
): Figure | undefined {
  if (!verdict || verdict.rivals.every(({ half }) => half === null)) return undefined
  const { best, rivals } = verdict
  const nearest = (method: string, seed: number): number | undefined =>
    results.find((each) => each.method === method && each.seed === seed)?.nearest
  const rows = rivals.map((rival, i) => ({ ...rival, y: rivals.length - i }))
  const differencesOf = (method: string) =>
    results
      .filter((each) => each.method === method && Number.isFinite(each.nearest))
      .flatMap(({ seed, nearest: own }) => {
        const other = nearest(best.method, seed)
        return other === undefined || !Number.isFinite(other) ? [] : [{ seed, value: own - other }]
      })
  const series = rows.flatMap(({ method, mean, half: known, y }): readonly Series[] => {
    const half = known ?? 0
    const order = colour.get(method) ?? 5
    const differences = differencesOf(method)
    return [
      {
        name: `${method}: 95 % interval`,
        order,
        as: 'line',
        points: [
          [mean - half, y],
          [mean + half, y],
        ],
      },
      {
        name: `${method}: mean`,
        order,
        as: 'line',
        points: [
          [mean, y - 0.16],
          [mean, y + 0.16],
        ],
      },
      {
        name: `${method}: a seed`,
        order,
        as: 'points',
        points: differences.map(({ value }) => [value, y - 0.3]),
        hints: differences.map(({ seed, value }) => `${method}, seed ${seed}: ${signedText(value, loss)}`),
      },
    ]
  })
  const texts = rows.map((rival) => `${rival.method} ${differenceText(rival, loss)}`)
  const reach = Math.max(...series.flatMap(({ points }) => points.map(([at]) => Math.abs(at))))
  return {
    title: `Difference to ${best.method}`,
    caption: `Loss after the cast less that of ${best.method} on the same seed: points are seeds, bars the 95 % interval of the mean by Student’s t. An interval that holds 0 tells nothing apart. ${texts.join('; ')}.`,
    x: {
      name: `higher than ${best.method} by`,
      range: [
        Math.min(0, ...series.flatMap(({ points }) => points.map(([at]) => at))) - 0.06 * reach,
        1.06 * reach,
      ],
    },
    y: {
      name: '',
      range: [0.4, rivals.length + 0.6],
      ticks: rows.map(({ method, y }) => [y, method]),
    },
    series,
    // The rows of the drawing say nothing: a line a method for its interval, and one a seed.
    numbers: [
      ['method', 'seed', `higher than ${best.method} by`, 'lower end', 'upper end'],
      ...rows.flatMap(({ method, mean, half }) => [
        [method, 'mean', mean, half === null ? null : mean - half, half === null ? null : mean + half],
        ...differencesOf(method).map(({ seed, value }) => [method, seed, value, null, null]),
      ]),
    ],
    marks: [0],
  }
}
