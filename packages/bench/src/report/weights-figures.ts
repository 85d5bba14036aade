// Figures of what the weights did. Comes in: records of the weights. Goes out: figures; none of what no run
// recorded.
// Source: LOTION (arXiv 2510.08757): the penalty draws weights to the grid as λ, F and σ² have it.

import type { WeightsRecord } from '../records.js'
import { grouped } from './grouped.js'
import { axisOf } from './loss-figures.js'
import type { Figure } from './figure.js'
import { curves, type Reading } from './series.js'
import type { Series } from './svg-plot.js'

type Colours = ReadonlyMap<string, number>

/** All figures, in the order of the page. */
export function weightsFigures(records: readonly WeightsRecord[], colour: Colours): readonly Figure[] {
  if (records.length === 0) return []
  return [
    ...aroundFigure(records, colour),
    ...methodsOf(records).flatMap((method) => gridFigure(ofMethod(records, method), method, colour)),
    ...overTime(records, colour),
  ]
}

const methodsOf = (records: readonly WeightsRecord[]): readonly string[] => [
  ...new Set(records.map(({ method }) => method)),
]

const ofMethod = (records: readonly WeightsRecord[], method: string): readonly WeightsRecord[] =>
  records.filter((each) => each.method === method)

/** The last record of each seed, or the first. */
export function atEnds(records: readonly WeightsRecord[], which: 'start' | 'end'): readonly WeightsRecord[] {
  const seeds = [...new Set(records.map(({ seed }) => seed))]
  return seeds.map((seed) => {
    const own = records.filter((each) => each.seed === seed)
    return which === 'start' ? own[0]! : own.at(-1)!
  })
}

/** Counts of several seeds as density: 1 is what an even spread has. */
function density(lists: readonly (readonly number[])[]): readonly number[] {
  const sums = lists[0]!.map((_, i) => lists.reduce((sum, list) => sum + list[i]!, 0))
  const total = sums.reduce((sum, each) => sum + each, 0)
  return sums.map((each) => (each * sums.length) / (total || 1))
}

/** Where in their cell weights lie, at the end. */
function aroundFigure(records: readonly WeightsRecord[], colour: Colours): readonly Figure[] {
  const line = (
    name: string,
    own: readonly WeightsRecord[],
    order: number,
    as: 'line' | 'dashed',
  ): Series => {
    const shares = density(own.map(({ around }) => around))
    const label = as === 'line' ? { label: name } : {}
    return {
      name: as === 'line' ? `${name}, end` : name,
      order,
      as,
      points: shares.map((share, i) => [(i + 0.5) / shares.length - 0.5, share]),
      ...label,
    }
  }
  const methods = methodsOf(records)
  // Of one run all methods begin with the same weights; other runs may have other grids.
  const starts = grouped(methods, (method) =>
    JSON.stringify(atEnds(ofMethod(records, method), 'start').map(({ around }) => around)),
  )
  const start = [...starts.values()].map((alike) =>
    line(
      `${alike.length === methods.length ? 'all' : alike.join(', ')}, start`,
      atEnds(ofMethod(records, alike[0]!), 'start'),
      starts.size === 1 ? 5 : (colour.get(alike[0]!) ?? 5),
      'dashed',
    ),
  )
  return [
    {
      title: 'Where weights lie between two points of the grid',
      caption:
        'At the end of the run, around the nearest point (0); ±½ are the thresholds where a weight rounds to the next point. 1 is an even spread; dashed: before the first step. The middle counts the largest weight of each block, which always lies on the grid.',
      x: { name: 'distance to the nearest point, in cells' },
      y: { name: 'density, 1 = even' },
      series: [
        ...start,
        ...methods.map((method) =>
          line(method, atEnds(ofMethod(records, method), 'end'), colour.get(method) ?? 5, 'line'),
        ),
      ],
    },
  ]
}

/** Weights over the whole grid, at the start and at the end of one method. */
function gridFigure(records: readonly WeightsRecord[], method: string, colour: Colours): readonly Figure[] {
  const [start, end] = [atEnds(records, 'start'), atEnds(records, 'end')]
  const { from, width, format } = end[0]!.grid
  const shares = (own: readonly WeightsRecord[]): readonly number[] => {
    const each = density(own.map(({ grid }) => grid.counts))
    return each.map((share) => (100 * share) / each.length)
  }
  const [before, after] = [shares(start), shares(end)]
  const series = (name: string, values: readonly number[], order: number): Series => ({
    name: `${method}, ${name}`,
    order,
    as: 'steps',
    points: values.map((value, i) => [from + i * width, value]),
  })
  // The ends hold the largest weight of each block, which may be many; the rest would be flat below them.
  const isInner = (i: number): boolean => Math.min(i, before.length - 1 - i) * width >= 0.5
  const all = [...before, ...after]
  const inner = all.filter((_, i) => isInner(i % before.length))
  const top = Math.max(...(inner.length > 0 ? inner : all))
  const used = (own: readonly WeightsRecord[]): string =>
    `${mean(own.map(({ codes }) => codes.used)).toFixed(0)} of ${own[0]!.codes.of} codes, ${mean(own.map(({ codes }) => codes.entropy)).toFixed(2)} bits of entropy`
  return [
    {
      title: `Weights of ${method} over the grid of ${format}`,
      caption: `Weights over the scale of their block; grey: before the first step (${used(start)}), coloured: at the end (${used(end)}). Weights on the grid make peaks; the two ends, with the largest weight of each block, may be cut off.`,
      x: { name: 'weight, in units of its block’s scale' },
      y: { name: '% of the weights', range: [0, 1.15 * top] },
      series: [series('start', before, 5), series('end', after, colour.get(method) ?? 5)],
    },
  ]
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

interface Course {
  readonly title: string
  readonly unit: string
  readonly caption: string
  readonly read: (record: WeightsRecord) => number | undefined
  readonly log?: boolean
}

const courses: readonly Course[] = [
  {
    title: 'Distance to the grid',
    unit: 'cells',
    caption:
      'Mean distance of a weight to its nearest point: 0 on the grid, ¼ if spread evenly, ½ at thresholds.',
    read: ({ distance }) => distance,
  },
  {
    title: 'σ² of randomized rounding',
    unit: 'mean σ², weights squared',
    caption: 'What rounding by chance would add to a weight, squared, in the mean.',
    read: ({ variance }) => variance,
  },
  {
    title: 'Penalty λ · ½ Σ F σ²',
    unit: 'in the unit of the loss',
    caption: 'What LOTION adds to the loss that is trained; methods without a penalty have no curve.',
    read: ({ penalty }) => penalty,
  },
  {
    title: 'Flips a step',
    unit: '% of the weights',
    caption: 'Weights whose code one step changed, the mean over the parameters.',
    read: ({ flips }) => (flips === undefined ? undefined : 100 * mean(flips)),
  },
  {
    title: 'λ',
    unit: 'λ',
    caption: 'Strength of the penalty, or of the correction.',
    read: ({ lambda }) => lambda,
  },
  {
    title: 'Learning rate',
    unit: 'learning rate',
    caption: 'Of the last step before each evaluation.',
    read: ({ learningRate }) => learningRate,
  },
  {
    title: 'Gradient norm',
    unit: 'norm, before clipping',
    caption: 'Of the task’s gradient over all parameters, at the last step before each evaluation.',
    read: ({ gradientNorm }) => gradientNorm,
    log: true,
  },
]

/** How numbers ran over the training. */
function overTime(records: readonly WeightsRecord[], colour: Colours): readonly Figure[] {
  const axis = axisOf(records)
  return courses.flatMap(({ title, unit, caption, read, log = false }): readonly Figure[] => {
    const readings = records.flatMap((record): readonly Reading[] => {
      const value = read(record)
      return value === undefined
        ? []
        : [{ method: record.method, seed: record.seed, at: axis.at(record), value }]
    })
    const series = curves(readings, colour)
    if (series.length === 0) return []
    return [{ title, caption, x: { name: axis.name }, y: { name: unit, log }, series }]
  })
}
