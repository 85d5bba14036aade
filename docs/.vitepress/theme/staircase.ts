// What the staircase figure shows. Comes in: what is chosen, values of `oneWeight`. Goes out: curves with their
// names, the marks of points, what the figure says in words.

import type { NumberFormat } from '@lotion/core'
import { written, type Curve } from './curve.js'
import type { OneWeight } from './one-weight.js'

/** What the figure opens with: the weight lies where its loss is lowest, between two points. */
export const opening = {
  format: 'int3',
  noise: 'randomized-rounding',
  best: 0.18,
  lambda: 1,
  neighbour: 1,
  place: 0.18,
} as const

/** The largest other weight of the block: what the slider gives. */
export const neighbours = { min: 0.2, max: 1.5, step: 0.05 } as const

/** The places of the curves. */
export const places: readonly number[] = Array.from({ length: 601 }, (_, i) => (i - 300) / 301)

/** Marks stand no closer, in units of the axis: about 12 of its 640 pixels. */
const closest = 0.04

/** Points of a format on the axis. */
export interface Points {
  /** All, on the axis or beyond it. */
  readonly count: number
  /** Those between −1 and 1, or as many of them as can be told apart. */
  readonly marks: readonly number[]
  /** What the marks are. */
  readonly name: string
}

/** The points of a format at a scale. */
export function pointsOf({ name, grid }: NumberFormat, scale: number): Points {
  const onAxis = grid.points
    .map((point) => point * scale)
    .filter((point) => Math.abs(point) <= 1)
    .sort((a, b) => Math.abs(a) - Math.abs(b))
  const marks = onAxis.reduce<number[]>(
    (kept, point) => (kept.every((other) => Math.abs(other - point) >= closest) ? [...kept, point] : kept),
    [],
  )
  const all = marks.length === onAxis.length
  return {
    count: grid.points.length,
    marks: marks.sort((a, b) => a - b),
    name: all ? `points of ${name}` : `some points of ${name}, which lie closer than marks`,
  }
}

/** Tell whether what LOTION descends is the mean loss over random casts, at each of these places. */
export const isMean = ({ smoothed, mean }: OneWeight): boolean =>
  smoothed.every((value, i) => Math.abs(value - mean[i]!) < 1e-9)

/** The losses of a weight before and after the cast. */
export const castCurves = ({ loss, castLoss }: OneWeight): readonly Curve[] => [
  { name: 'loss', kind: 'plain', y: loss },
  { name: 'loss of the cast weight', kind: 'cast', y: castLoss },
]

/** What LOTION descends; beside it the mean over casts, where that is another curve. */
export const smoothedCurves = (found: OneWeight): readonly Curve[] =>
  isMean(found)
    ? [{ name: 'smoothed loss: the mean over random casts', kind: 'smooth', y: found.smoothed }]
    : [
        { name: 'what LOTION descends: loss + λ · ½ F σ²', kind: 'smooth', y: found.smoothed },
        { name: 'mean over random casts', kind: 'mean', y: found.mean },
      ]

/** The slopes of the curves; a staircase has none where the cast jumps. */
export function slopeCurves(found: OneWeight): readonly Curve[] {
  const { point, slope, castSlope, smoothedSlope } = found
  const jumps = new Set(point.flatMap((value, i) => (i > 0 && value !== point[i - 1] ? [i] : [])))
  return [
    { name: 'slope of the loss', kind: 'plain', y: slope },
    { name: 'of the cast weight’s loss', kind: 'cast', y: castSlope, gaps: jumps },
    {
      name: isMean(found) ? 'of the smoothed loss' : 'of what LOTION descends',
      kind: 'smooth',
      y: smoothedSlope,
    },
  ]
}

/** What the figure says of the weight at one place. */
export function reading(place: number, here: OneWeight, smoothed: boolean): string {
  const at = (name: keyof OneWeight, digits = 3): string => written(here[name][0]!, digits)
  const cast = `w = ${written(place, 2)}: loss ${at('loss')} · cast to ${at('cast')}, loss ${at('castLoss')}`
  if (!smoothed) return cast
  const mean = isMean(here)
    ? `smoothed loss ${at('smoothed')}`
    : `loss + λ · ½ F σ² ${at('smoothed')}, mean over casts ${at('mean')}`
  return `${cast} · σ² ${at('variance', 4)}, ${mean}, slope ${at('smoothedSlope')}`
}
