// What a format and a noise make of one weight, along an axis. Comes in: a format, a noise, λ, places. Goes out:
// cast, variance, losses and slopes at each place: the lane functions that train, evaluated in the page. What
// is drawn of them: staircase.ts.

import {
  blockOf,
  castVariance,
  defineLanes,
  evaluate,
  gradient,
  layoutOf,
  locate,
  membersOf,
  nearestPoint,
  uniforms,
  type BlockLayout,
  type Lane,
  type Located,
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

const outputs = [
  'scale',
  'point',
  'cast',
  'variance',
  'loss',
  'castLoss',
  'smoothed',
  'mean',
  'slope',
  'castSlope',
  'smoothedSlope',
] as const

/**
 * Values along an axis: the scale of the block, the grid's point that the weight is cast to, the cast, σ²; the
 * loss, that of the cast, what LOTION descends, and the mean loss over random casts; slopes of the first three
 * along the axis, through the scale where the weight sets it.
 */
export type OneWeight = Readonly<Record<(typeof outputs)[number], readonly number[]>>

/** Every place shares its block with a neighbour. */
function blocksOf(places: readonly number[], neighbour: number): { w: Float64Array; layout: BlockLayout } {
  return {
    w: Float64Array.from(places.flatMap((place) => [place, neighbour])),
    layout: layoutOf([2 * places.length], blockOf(2)),
  }
}

const ofPlaces = (values: ArrayLike<number>): readonly number[] =>
  Array.from(values).filter((_, i) => i % 2 === 0)

/** Places that may be one tensor: each its own, where blocks of a tensor share a part of their scales. */
const tensorsOf = ({ scale }: NumberFormat, places: readonly number[]): readonly (readonly number[])[] =>
  scale.tensorBits ? places.map((place) => [place]) : [places]

/** The loss of the figure: a parabola. */
const parabola = (w: Lane, best: number): Lane => w.sub(best).mul(w.sub(best)).mul(2)

/** E[q] in scaled units: by the atoms; a law without a list of them has its mean, as its median, at u = ½. */
function meanOf({ site }: Located, noise: Noise): Lane {
  if (!noise.atoms) return noise.sample(site, site.x.mul(0).add(0.5))
  return noise
    .atoms(site)
    .map(({ value, mass }) => value.mul(mass))
    .reduce((sum, part) => sum.add(part))
}

/** Evaluate cast, variance, losses and slopes at places. */
export function oneWeight(options: OneWeightOptions, places: readonly number[]): OneWeight {
  const { format, noise, best, lambda, neighbour } = options
  const fn = defineLanes({
    name: 'one weight',
    inputs: ['w', 'own'],
    outputs,
    body: ({ w, own }) => {
      const at = locate(format, w)
      const variance = castVariance(at, noise)
      const point = nearestPoint(at.site)
      const cast = point.mul(at.scale)
      const [loss, castLoss] = [parabola(w, best), parabola(cast, best)]
      const slope = gradient(loss, w)
      // F is the curvature: the slope of the slope. Of a parabola, the mean over casts is exact to this order.
      const half = gradient(slope, w).mul(variance).mul(0.5)
      const smoothed = loss.add(half.mul(lambda))
      const mean = loss.add(slope.mul(meanOf(at, noise).mul(at.scale).sub(w))).add(half)
      // The weight moves, its neighbour stays: what the scale does to the neighbour's own loss is not drawn.
      // 0 from the formula alone would be one value for all places.
      const castSlope = gradient(castLoss.mul(own), w).add(w.mul(0))
      const smoothedSlope = gradient(smoothed.mul(own), w)
      const { scale } = at
      return {
        scale,
        point,
        cast,
        variance,
        loss,
        castLoss,
        smoothed,
        mean,
        slope,
        castSlope,
        smoothedSlope,
      }
    },
  })
  const found = evaluate(
    tensorsOf(format, places).map((tensor) => {
      const { w, layout } = blocksOf(tensor, neighbour)
      return { fn, inputs: { w, own: w.map((_, i) => (i % 2 === 0 ? 1 : 0)) }, layout }
    }),
  )
  // A value a block, such as the scale, stands once for a place.
  const along = (name: (typeof outputs)[number]): readonly number[] =>
    found.flatMap((tensor) => (name === 'scale' ? [...tensor[name]!] : ofPlaces(tensor[name]!)))
  return Object.fromEntries(outputs.map((name) => [name, along(name)])) as unknown as OneWeight
}

/** Mean of the loss over so many drawn casts of each place; the same draws every time. */
export const meanOfDraws = (
  options: OneWeightOptions,
  places: readonly number[],
  draws: number,
): readonly number[] =>
  lossesOfDraws(options, places, draws).map((all) => all.reduce((sum, loss) => sum + loss, 0) / draws)

/** The loss of so many drawn casts, by place; the same draws every time. */
export function lossesOfDraws(
  { format, noise, best, neighbour }: OneWeightOptions,
  places: readonly number[],
  draws: number,
): readonly (readonly number[])[] {
  const fn = defineLanes({
    name: 'loss of a drawn cast',
    inputs: ['w', 'u'],
    outputs: ['loss'],
    body: ({ w, u }) => {
      const { site, scale } = locate(format, w)
      return { loss: parabola(noise.sample(site, u).mul(scale), best) }
    },
  })
  const steps = Array.from({ length: draws }, (_, step) =>
    uniforms({ seed: 0, stream: 'figure', step }, 2 * places.length),
  )
  let before = 0
  const calls = tensorsOf(format, places).map((tensor) => {
    const end = before + 2 * tensor.length
    // The same weights again and again are a tensor of the same largest weight.
    const { w, layout } = blocksOf(Array.from(steps, () => tensor).flat(), neighbour)
    const u = Float64Array.from(steps.flatMap((all) => [...all.subarray(before, end)]))
    before = end
    return { fn, inputs: { w, u }, layout }
  })
  return evaluate(calls).flatMap(({ loss }) => {
    const losses = ofPlaces(loss!)
    const count = losses.length / draws
    return Array.from({ length: count }, (_, i) => steps.map((_step, draw) => losses[draw * count + i]!))
  })
}

/** Write the numbers in a plug-in's name as people do: `gaussian(0.28867…)` is `gaussian(0.289)`. */
export const readable = (name: string): string =>
  name.replaceAll(/\d+\.\d{4,}/g, (digits) => String(Number(Number(digits).toPrecision(3))))

/** The noises of the figure, by their readable names. */
export const noises: Readonly<Record<string, Noise>> = Object.fromEntries(
  builtInNoises
    .flatMap((family) => membersOf(family, undefined))
    .map((noise) => [readable(noise.name), noise]),
)

/** The formats of the figure, by name. */
export const formats: Readonly<Record<string, NumberFormat>> = Object.fromEntries(
  builtInFormats.map((format) => [format.name, format]),
)
