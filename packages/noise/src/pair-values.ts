// What rounding does to weights through a format's scale, as numbers. Comes in: a format with a noise, blocks
// of weights. Goes out: means of casts, the largest jump of a quantity.
// Source: docs/design/05-smooth-noises.md (pairs); `explain` and the laws both ask here.

import {
  blockOf,
  castNearest,
  castSample,
  defineLanes,
  evaluate,
  layoutOf,
  locate,
  normals,
  type Arithmetic,
  type BlockLayout,
  type Lane,
  type Located,
  type Noise,
  type NumberFormat,
} from '@lotion/core'

/** A format and the noise it is used with. */
export interface Pair {
  /** Its scale rule and grid are what is asked about. */
  readonly format: NumberFormat
  /** The law by which scaled weights are rounded. */
  readonly noise: Noise
}

/** Weights in the blocks of a layout. */
export interface WeightBlocks {
  readonly w: ArrayLike<number>
  readonly layout: BlockLayout
}

/** The mean of a random cast, weight by weight. */
export interface MeanCasts {
  readonly mean: Float64Array
  /**
   * How far the mean may be off: 0 for a law with atoms, the outcomes' range over the number of strata for
   * one that is sampled.
   */
  readonly slack: Float64Array
}

/** Parts of [0, 1) that stand for a noise without atoms. */
const STRATA = 128

/** Uniforms at the middle of n equal parts of [0, 1). */
export function strata(n: number): readonly number[] {
  return Array.from({ length: n }, (_, j) => (j + 0.5) / n)
}

/**
 * Take the mean of a random cast of every weight: over the atoms of the law, or over 128 strata of a sampler
 * that is monotone in u.
 */
export function meanCasts(
  { format, noise }: Pair,
  { w, layout }: WeightBlocks,
  arithmetic: Arithmetic,
): MeanCasts {
  const fn = defineLanes({
    name: `mean ${format.name} ${noise.name}`,
    inputs: ['w'],
    outputs: ['mean', 'range'],
    body: ({ w }) => {
      const { site, scale } = locate(format, w)
      const zero = w.less(w, 0, 0)
      // The ends of u carry no mass here, but the range: an outcome rarer than a stratum shows there alone.
      const law =
        noise.atoms?.(site) ??
        [0, ...strata(STRATA), 1 - 2 ** -24].map((u, j) => ({
          value: noise.sample(site, zero.add(u)),
          mass: zero.add(j === 0 || j > STRATA ? 0 : 1 / STRATA),
        }))
      const mean = law.map(({ value, mass }) => value.mul(mass)).reduce((sum, part) => sum.add(part))
      const range = law.at(-1)!.value.sub(law[0]!.value)
      // One value a weight, whatever the law depends on; weights are finite.
      return {
        mean: w.less(Infinity, mean.mul(scale), w),
        range: w.less(Infinity, range.mul(scale.abs()), w),
      }
    },
  })
  const { mean, range } = evaluate([{ fn, inputs: { w }, layout }], arithmetic)[0]!
  return { mean: mean!, slack: range!.map((width) => (noise.atoms ? 0 : width / STRATA)) }
}

/** Cast every weight to the nearest representable one. */
export function nearestCasts(
  format: NumberFormat,
  { w, layout }: WeightBlocks,
  arithmetic: Arithmetic,
): Float64Array {
  return evaluate([{ fn: castNearest(format), inputs: { w }, layout }], arithmetic)[0]!.w!
}

/** Draw a cast of every weight by uniforms. */
export function drawnCasts(
  { format, noise }: Pair,
  { w, layout }: WeightBlocks,
  u: ArrayLike<number>,
  arithmetic: Arithmetic,
): Float64Array {
  return evaluate([{ fn: castSample(format, noise), inputs: { w, u }, layout }], arithmetic)[0]!.w!
}

/** A jump of a quantity along a block's largest weight. */
export interface Jump {
  /** The weight. */
  readonly at: number
  readonly from: number
  readonly to: number
  /** |to − from| as a share of the larger; 0 if both are 0. A continuous quantity has one below 10⁻⁶. */
  readonly size: number
}

/** A longer block is measured as one of this length: time grows with it, some hundred times a weight. */
export const LONGEST = 32

/** Parts of the way, and how many of the oddest rises are bisected how often. */
const [PARTS, SUSPECTS, HALVINGS] = [64, 6, 40]

/**
 * Stretch a block's largest weight fourfold, over two binades, and bisect where a sum over its block does
 * what its course does not announce: the largest jump that is found. A second block of larger weights, which
 * does not count, keeps a scale that is shared by the tensor where it is. In f64 alone: between neighbouring
 * numbers of f32 everything jumps.
 */
export function largestJump(format: NumberFormat, quantity: (at: Located) => Lane): Jump {
  const length = format.block.kind === 'size' ? Math.min(format.block.size, LONGEST) : LONGEST
  const layout = layoutOf([2, length], blockOf(length))
  const fn = defineLanes({
    name: `jump ${format.name}`,
    inputs: ['w', 'counts'],
    outputs: ['sum'],
    body: ({ w, counts }) => ({ sum: quantity(locate(format, w)).mul(counts).total('sum') }),
  })
  const start = normals({ seed: 2, stream: 'explain weights' }, length)
  const top = start.reduce((best, value, i) => (Math.abs(value) > Math.abs(start[best]!) ? i : best), 0)
  const counts = Float64Array.from({ length: 2 * length }, (_, i) => (i < length ? 1 : 0))
  const sumAt = (stretch: number): number => {
    const w = Float64Array.from({ length: 2 * length }, (_, i) => start[i] ?? 32 * Math.abs(start[top]!))
    w[top] = w[top]! * 4 ** stretch
    return evaluate([{ fn, inputs: { w, counts }, layout }])[0]!.sum![0]!
  }
  const values = Array.from({ length: PARTS + 1 }, (_, j) => sumAt(j / PARTS))
  const rises = values.slice(1).map((value, j) => value - values[j]!)
  // A jump stands out from the rises beside it, even where it is smaller than others.
  const odd = (j: number): number =>
    Math.abs(rises[j]! - ((rises[j - 1] ?? rises[j]!) + (rises[j + 1] ?? rises[j]!)) / 2)
  return rises
    .map((_, j) => j)
    .sort((a, b) => odd(b) - odd(a))
    .slice(0, SUSPECTS)
    .map((j) => jumpWithin(sumAt, j / PARTS, (j + 1) / PARTS))
    .map(({ stretch, from, to }) => {
      const size = Math.max(Math.abs(from), Math.abs(to))
      return {
        at: Math.abs(start[top]!) * 4 ** stretch,
        from,
        to,
        size: size > 0 ? Math.abs(to - from) / size : 0,
      }
    })
    .reduce((most, jump) => (jump.size > most.size ? jump : most))
}

/** Halve an interval up to 40 times, keeping the part with the larger rise: what is left is a jump. */
function jumpWithin(
  f: (t: number) => number,
  low: number,
  high: number,
): { readonly stretch: number; readonly from: number; readonly to: number } {
  let [a, b, from, to] = [low, high, f(low), f(high)]
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (a + b) / 2
    const value = f(middle)
    if (Math.abs(value - from) > Math.abs(to - value)) [b, to] = [middle, value]
    else [a, from] = [middle, value]
    // The rest of the rise is too small, in a part this short, to contain a jump.
    if (halving > HALVINGS / 2 && Math.abs(to - from) <= 1e-7 * Math.abs(to)) break
  }
  return { stretch: b, from, to }
}
