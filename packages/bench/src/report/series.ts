// Records as curves: a method's seeds as a mean, a band and points. Comes in: numbers by method, seed and
// step. Goes out: series of a plot.
// Source: docs/design/04-bench.md; not the mean of the seeds that are left, which would look better for every
// seed that is lost.

import { summarize } from '../runs/summary.js'
import type { Series } from './svg-plot.js'

/** A number of one run at one moment. */
export interface Reading {
  readonly method: string
  readonly seed: number
  /** Place on the axis: tokens or steps. */
  readonly at: number
  /** Not finite or absent: a gap. */
  readonly value: number | undefined
}

/** Methods have colours of their own, whatever they are compared with. */
const known = ['ptq', 'lotion', 'qat', 'rat', 'cage']

/** A method’s word, without the name of its run. */
export const methodWord = (method: string): string => method.replace(/^.*: /, '')

/** The colour of each method: its own, else the next that is free. */
export function colours(methods: readonly string[]): ReadonlyMap<string, number> {
  const family = (method: string): string => methodWord(method).split(':')[0]!
  const taken = new Map<string, number>()
  for (const method of methods) {
    const at = known.indexOf(family(method))
    if (at >= 0 && ![...taken.values()].includes(at)) taken.set(method, at)
  }
  for (const method of methods) {
    if (taken.has(method)) continue
    const free = [5, 0, 1, 2, 3, 4].find((each) => ![...taken.values()].includes(each))
    taken.set(method, free ?? taken.size % 6)
  }
  return taken
}

/** How curves are drawn. */
export interface CurveStyle {
  readonly dashed?: boolean
  /** Band and points of the seeds, where there are several. */
  readonly spread?: boolean
  readonly labelled?: boolean
}

/** Curves of readings, one a method: the mean over the seeds, and their band from lowest to highest. */
export function curves(
  readings: readonly Reading[],
  colour: ReadonlyMap<string, number>,
  { dashed = false, spread = true, labelled = true }: CurveStyle = {},
): readonly Series[] {
  const methods = [...new Set(readings.map(({ method }) => method))]
  return methods.flatMap((method): readonly Series[] => {
    const own = readings.filter((each) => each.method === method)
    const seeds = new Set(own.map(({ seed }) => seed)).size
    const places = [...new Set(own.map(({ at }) => at))].sort((a, b) => a - b)
    const found = places.map((at) => {
      const values = own.flatMap((each) => (each.at === at && each.value !== undefined ? [each.value] : []))
      const whole = values.length === seeds && values.every(Number.isFinite)
      return whole
        ? { at, low: Math.min(...values), mean: summarize(values).mean, high: Math.max(...values), values }
        : { at, low: null, mean: null, high: null, values: [] }
    })
    if (found.every(({ mean }) => mean === null)) return []
    const order = colour.get(method) ?? 5
    const last = found.findLast(({ mean }) => mean !== null)!
    const line: Series = {
      name: method,
      order,
      as: dashed ? 'dashed' : 'line',
      points: found.map(({ at, mean }) => [at, mean]),
      ...(labelled ? { label: method } : {}),
    }
    if (!spread || seeds < 2) return [line]
    return [
      {
        name: `${method}, lowest to highest seed`,
        order,
        as: 'area',
        points: found.map(({ at, low }) => [at, low]),
        upper: found.map(({ at, high }) => [at, high]),
      },
      line,
      {
        name: `${method}, each seed at the end`,
        order,
        as: 'points',
        points: last.values.map((value) => [last.at, value]),
      },
    ]
  })
}
