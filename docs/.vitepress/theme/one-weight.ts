// What a format and a noise make of one weight, along an axis. Comes in: a format, a noise, λ, places. Goes out:
// cast, variance, losses and slopes at each place: the lane functions that train, evaluated in the page.

import {
  blockOf,
  castSample,
  castVariance,
  defineLanes,
  evaluate,
  gradient,
  layoutOf,
  locate,
  membersOf,
  nearestCast,
  uniforms,
  type BlockLayout,
  type Lane,
  type Noise,
  type NumberFormat,
} from '@lotion/core'
import { builtInFormats } from '@lotion/formats'
import { builtInNoises } from '@lotion/noise'

/** What is looked at. */
export interface OneWeightOptions {
  readonly format: NumberFormat
  readonly noise: Noise
  /** The weight of lowest loss. */
  readonly best: number
  /** Strength of the penalty. */
  readonly lambda: number
  /** The largest other weight of the block: it sets the scale unless the weight is larger. */
  readonly neighbour: number
}

/** Values along an axis. */
export interface OneWeight {
  readonly cast: readonly number[]
  readonly variance: readonly number[]
  readonly loss: readonly number[]
  readonly castLoss: readonly number[]
  readonly smoothed: readonly number[]
  /** Of the loss. */
  readonly slope: readonly number[]
  /** Of the smoothed loss. */
  readonly smoothedSlope: readonly number[]
}

/** Every place shares its block with a neighbour. */
function blocksOf(places: readonly number[], neighbour: number): { w: Float64Array; layout: BlockLayout } {
  return {
    w: Float64Array.from(places.flatMap((place) => [place, neighbour])),
    layout: layoutOf([2 * places.length], blockOf(2)),
  }
}

const ofPlaces = (values: ArrayLike<number>): readonly number[] =>
  Array.from(values).filter((_, i) => i % 2 === 0)

/** The loss of the figure: a parabola. */
const parabola = (w: Lane, best: number): Lane => w.sub(best).mul(w.sub(best)).mul(2)

/** Evaluate cast, variance, losses and slopes at places. */
export function oneWeight(options: OneWeightOptions, places: readonly number[]): OneWeight {
  const { format, noise, best, lambda, neighbour } = options
  const fn = defineLanes({
    name: 'one weight',
    inputs: ['w'],
    outputs: ['cast', 'variance', 'loss', 'castLoss', 'smoothed', 'slope', 'smoothedSlope'],
    body: ({ w }) => {
      const at = locate(format, w)
      const variance = castVariance(at, noise)
      const cast = nearestCast(at)
      const loss = parabola(w, best)
      const slope = gradient(loss, w)
      // F is the curvature: the slope of the slope.
      const penalty = gradient(slope, w)
        .mul(variance)
        .mul(0.5 * lambda)
      const smoothed = loss.add(penalty)
      // The weight moves, its neighbour and the scale stay: the slope is that along the axis of the figure
      // wherever the neighbour sets the scale.
      const smoothedSlope = slope.add(gradient(penalty, w, { hold: at.statistics }))
      return { cast, variance, loss, castLoss: parabola(cast, best), smoothed, slope, smoothedSlope }
    },
  })
  const { w, layout } = blocksOf(places, neighbour)
  const [found] = evaluate([{ fn, inputs: { w }, layout }])
  return Object.fromEntries(fn.outputs.map((name) => [name, ofPlaces(found![name]!)])) as unknown as OneWeight
}

/** Mean of the loss over so many drawn casts of each place; the same draws every time. */
export function meanOfDraws(
  { format, noise, best, neighbour }: OneWeightOptions,
  places: readonly number[],
  draws: number,
): readonly number[] {
  const sampled = castSample(format, noise)
  const { w, layout } = blocksOf(places, neighbour)
  const lossOf = defineLanes({
    name: 'loss of a cast',
    inputs: ['w'],
    outputs: ['loss'],
    body: ({ w: q }) => ({ loss: parabola(q, best) }),
  })
  const sums = places.map(() => 0)
  for (let draw = 0; draw < draws; draw++) {
    const u = Float64Array.from(uniforms({ seed: 0, stream: 'figure', step: draw }, w.length))
    const [cast] = evaluate([{ fn: sampled, inputs: { w, u }, layout }])
    const [found] = evaluate([{ fn: lossOf, inputs: { w: cast!['w']! } }])
    ofPlaces(found!['loss']!).forEach((loss, i) => (sums[i]! += loss / draws))
  }
  return sums
}

/** The noises of the figure, by name. */
export const noises: Readonly<Record<string, Noise>> = Object.fromEntries(
  builtInNoises.flatMap((family) => membersOf(family, undefined)).map((noise) => [noise.name, noise]),
)

/** The formats of the figure, by name. */
export const formats: Readonly<Record<string, NumberFormat>> = Object.fromEntries(
  builtInFormats.map((format) => [format.name, format]),
)
