// What a format and a noise make of one weight, along an axis. Comes in: a format, a noise, places. Goes out:
// the cast, the variance and its slope at each place: the lane functions that train, evaluated in the page.

import {
  blockOf,
  castSample,
  castVariance,
  defineLanes,
  evaluate,
  gradient,
  layoutOf,
  locate,
  nearestCast,
  uniforms,
  type BlockLayout,
  type Noise,
  type NumberFormat,
} from '@lotion/core'

/** Values along an axis. */
export interface OneWeight {
  readonly cast: readonly number[]
  readonly variance: readonly number[]
  /** Of the variance. */
  readonly slope: readonly number[]
}

/** Every place shares its block with a weight of 1, which holds the scale still. */
function blocksOf(places: readonly number[]): { readonly w: Float64Array; readonly layout: BlockLayout } {
  return {
    w: Float64Array.from(places.flatMap((place) => [place, 1])),
    layout: layoutOf([2 * places.length], blockOf(2)),
  }
}

const ofPlaces = (values: ArrayLike<number>): readonly number[] =>
  Array.from(values).filter((_, i) => i % 2 === 0)

/** Evaluate cast, variance and slope at places in (−1, 1). */
export function oneWeight(format: NumberFormat, noise: Noise, places: readonly number[]): OneWeight {
  const fn = defineLanes({
    name: 'one weight',
    inputs: ['w'],
    outputs: ['cast', 'variance', 'slope'],
    body: ({ w }) => {
      const at = locate(format, w)
      const variance = castVariance(at, noise)
      return { cast: nearestCast(at), variance, slope: gradient(variance, w) }
    },
  })
  const { w, layout } = blocksOf(places)
  const [found] = evaluate([{ fn, inputs: { w }, layout }])
  return {
    cast: ofPlaces(found!['cast']!),
    variance: ofPlaces(found!['variance']!),
    slope: ofPlaces(found!['slope']!),
  }
}

/** Mean of a loss over so many drawn casts of each place; the same draws every time. */
export function meanOfDraws(
  format: NumberFormat,
  noise: Noise,
  places: readonly number[],
  draws: number,
  loss: (w: number) => number,
): readonly number[] {
  const fn = castSample(format, noise)
  const { w, layout } = blocksOf(places)
  const sums = places.map(() => 0)
  for (let draw = 0; draw < draws; draw++) {
    const u = Float64Array.from(uniforms({ seed: 0, stream: 'figure', step: draw }, w.length))
    const [found] = evaluate([{ fn, inputs: { w, u }, layout }])
    ofPlaces(found!['w']!).forEach((q, i) => (sums[i]! += loss(q) / draws))
  }
  return sums
}
