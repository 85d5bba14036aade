// Verdicts on a format with a noise: does what holds for either alone hold for both together? Comes in: the pair.
// Goes out: three answers with measured sizes. Source: docs/design/05-smooth-noises.md (pairs).

import {
  blockMembers,
  blockOf,
  castNearest,
  castSample,
  defineLanes,
  evaluate,
  layoutOf,
  locate,
  normals,
  uniforms,
  type BlockLayout,
  type Lane,
  type LaneFn,
  type Noise,
  type NumberFormat,
} from '@lotion/core'
import { withBlock } from '@lotion/formats'

/** One answer about a pair. */
export interface PairVerdict {
  readonly question: 'unbiased' | 'representable' | 'continuous'
  readonly holds: boolean
  /**
   * The largest violation on rows of Gaussian weights: `unbiased`, `representable`: relative to the largest weight of the block;
   * `continuous`: a jump of the block's variance relative to the variance. About 0 where the answer is yes.
   */
  readonly size: number
  /** The answer in a sentence. */
  readonly words: string
}

/** f64 rounding, and scales kept in f32, stay below this share of a block's largest weight. */
const TOLERANCE = 1e-6

/** A longer block is measured as one of so many weights: time grows with the length, some hundred times a weight. */
const LONGEST = 32

/** Outcomes that stand for a noise without atoms. */
const STRATA = 128

const verdicts = new WeakMap<NumberFormat, WeakMap<Noise, readonly PairVerdict[]>>()

/**
 * Measure three things that LOTION's theory asks of a pair: is a random cast unbiased after scaling (its mean is the weight);
 * is a random cast representable in the scale that is recomputed from it; is the variance continuous where the
 * block's scale changes. Deterministic; takes some tenths of a second, once for the same two objects.
 * Blocks of more than 32 weights are measured as blocks of 32, a stand-in: sizes differ with the length.
 */
export function explain(format: NumberFormat, noise: Noise): readonly PairVerdict[] {
  const known = verdicts.get(format) ?? new WeakMap<Noise, readonly PairVerdict[]>()
  verdicts.set(format, known)
  const verdict = known.get(noise) ?? measured(format, noise)
  known.set(noise, verdict)
  return verdict
}

function measured(whole: NumberFormat, noise: Noise): readonly PairVerdict[] {
  const { block } = whole
  const format = block.kind === 'size' && block.size > LONGEST ? withBlock(whole, blockOf(LONGEST)) : whole
  const length = format.block.kind === 'size' ? Math.max(format.block.size, 32) : 64
  const sample = (rows: number): Sample => ({
    format,
    noise,
    layout: layoutOf([rows, length], format.block),
    w: Float64Array.from(normals({ seed: 1, stream: 'explain weights' }, rows * length)),
  })
  // A draw moves few maxima so far that the scale follows: it takes many blocks to meet one.
  return Object.freeze([unbiased(sample(16)), representable(sample(128)), continuous(format, noise)])
}

/** Say in words what breaks the theory, or nothing. Trusts the claims of scale rule and noise; measures what they deny. */
export function pairWarning(format: NumberFormat, noise: Noise): string | undefined {
  const { continuous: steady, saturates } = format.scale.claims
  const { unbiased: fair, continuous: even, onGrid = noise.atoms !== undefined } = noise.claims
  if (steady && !saturates && fair && even && onGrid) return undefined
  const broken = explain(format, noise).filter(({ holds }) => !holds)
  if (broken.length === 0) return undefined
  const advice = saturates
    ? ' Choose a scale rule that never saturates (`withScale`), such as a rounded-up one.'
    : ''
  return (
    `${format.name} (scale ${format.scale.name}) with the noise ${noise.name} breaks what LOTION's theory rests on. ` +
    `${broken.map(({ words }) => words).join(' ')}${advice}`
  )
}

interface Sample {
  readonly format: NumberFormat
  readonly noise: Noise
  readonly layout: BlockLayout
  readonly w: Float64Array
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`

function unbiased({ format, noise, layout, w }: Sample): PairVerdict {
  const fn = defineLanes({
    name: `mean ${format.name} ${noise.name}`,
    inputs: ['w'],
    outputs: ['mean', 'range'],
    body: ({ w }) => {
      const { site, scale } = locate(format, w)
      const atoms =
        noise.atoms?.(site) ?? strata(w).map((u) => ({ value: noise.sample(site, u), mass: 1 / STRATA }))
      const mean = atoms.map(({ value, mass }) => value.mul(mass)).reduce((sum, part) => sum.add(part))
      const range = atoms.at(-1)!.value.sub(atoms[0]!.value)
      return { mean: mean.mul(scale), range: range.mul(scale) }
    },
  })
  const { mean, range } = evaluate([{ fn, inputs: { w }, layout }])[0]!
  const largest = largestOf(w, layout)
  const bias = w.map((value, i) => Math.abs(mean![i]! - value) / largest[i]!)
  // A mean over n strata of a monotone sampler is within range / n of the expectation.
  const holds = bias.every(
    (size, i) => size <= TOLERANCE + (noise.atoms ? 0 : range![i]! / STRATA / largest[i]!),
  )
  const size = largestIn(bias)
  return Object.freeze({
    question: 'unbiased',
    holds,
    size: holds && !noise.atoms ? 0 : size,
    words: holds
      ? 'The mean of a random cast is the weight.'
      : `The mean of a random cast is not the weight: it is off by up to ${percent(size)} of the block's largest weight.`,
  })
}

/** Uniforms at the middle of equal parts of [0, 1), as lanes. */
function strata(w: Lane): readonly Lane[] {
  const zero = w.less(w, 0, 0)
  return Array.from({ length: STRATA }, (_, j) => zero.add((j + 0.5) / STRATA))
}

function representable({ format, noise, layout, w }: Sample): PairVerdict {
  const run = (fn: LaneFn, inputs: Record<string, ArrayLike<number>>): Float64Array =>
    evaluate([{ fn, inputs, layout }])[0]!.w!
  // A third of the draws at either end of the law: what is rare happens too, such as a maximum that leaves its point.
  const u = Float64Array.from(uniforms({ seed: 1, stream: 'explain draws' }, w.length), (draw, i) => {
    const third = Math.floor(i / layout.length) % 3
    return third === 0 ? draw : third === 1 ? 2 ** -14 : 1 - 2 ** -14
  })
  const cast = run(castSample(format, noise), { w, u })
  const again = run(castNearest(format), { w: cast })
  const largest = largestOf(cast, layout)
  const moves = cast.map((value, i) => (value === again[i] ? 0 : Math.abs(again[i]! - value) / largest[i]!))
  const size = largestIn(moves)
  const holds = size <= TOLERANCE
  return Object.freeze({
    question: 'representable',
    holds,
    size,
    words: holds
      ? 'A random cast is representable: casting it again changes nothing.'
      : `A random cast is not representable: casting it again moves weights by up to ${percent(size)} of the block's largest.`,
  })
}

/**
 * Stretch a block's largest weight fourfold, over two binades, and look for jumps of the block's variance. A second block
 * of larger weights, which does not count, keeps a scale that is shared by the tensor where it is.
 */
function continuous(format: NumberFormat, noise: Noise): PairVerdict {
  const length = format.block.kind === 'size' ? format.block.size : 32
  const layout = layoutOf([2, length], format.block)
  const fn = defineLanes({
    name: `variance ${format.name} ${noise.name}`,
    inputs: ['w', 'counts'],
    outputs: ['variance'],
    body: ({ w, counts }) => {
      const { site, scale } = locate(format, w)
      return { variance: noise.variance(site).mul(scale).mul(scale).mul(counts).total('variance') }
    },
  })
  const start = normals({ seed: 2, stream: 'explain weights' }, length)
  const top = start.reduce((best, value, i) => (Math.abs(value) > Math.abs(start[best]!) ? i : best), 0)
  const counts = Float64Array.from({ length: 2 * length }, (_, i) => (i < length ? 1 : 0))
  const varianceAt = (stretch: number): number => {
    const w = Float64Array.from({ length: 2 * length }, (_, i) => start[i] ?? 32 * Math.abs(start[top]!))
    w[top] = w[top]! * 4 ** stretch
    return evaluate([{ fn, inputs: { w, counts }, layout }])[0]!.variance![0]!
  }
  const parts = 64
  const values = Array.from({ length: parts + 1 }, (_, j) => varianceAt(j / parts))
  const rises = Array.from({ length: parts }, (_, j) => values[j + 1]! - values[j]!)
  // A jump stands out from the rises beside it, even where it is smaller than others.
  const suspect = rises
    .map((rise, j) => ({ j, odd: Math.abs(rise - ((rises[j - 1] ?? rise) + (rises[j + 1] ?? rise)) / 2) }))
    .sort((a, b) => b.odd - a.odd)
    .slice(0, 6)
  const size = Math.max(...suspect.map(({ j }) => jumpWithin(varianceAt, j / parts, (j + 1) / parts)))
  const holds = size <= TOLERANCE
  return Object.freeze({
    question: 'continuous',
    holds,
    size,
    words: holds
      ? "The variance is continuous where the block's scale changes."
      : `The variance is not continuous: where the block's scale changes it jumps by up to ${percent(size)}.`,
  })
}

/** Halve an interval up to 40 times, keeping the part with the larger rise: what is left is a jump, relative to the value. */
function jumpWithin(f: (t: number) => number, low: number, high: number): number {
  let [a, b] = [low, high]
  let [left, right] = [f(a), f(b)]
  for (let halving = 0; halving < 40; halving++) {
    const middle = (a + b) / 2
    const value = f(middle)
    if (Math.abs(value - left) > Math.abs(right - value)) [b, right] = [middle, value]
    else [a, left] = [middle, value]
    // What little is left to rise in so short a part hides no jump.
    if (halving > 18 && Math.abs(right - left) <= 0.1 * TOLERANCE * Math.abs(right)) break
  }
  const size = Math.max(Math.abs(left), Math.abs(right))
  return size > 0 ? Math.abs(right - left) / size : 0
}

/** The largest of any number of sizes: too many for the arguments of one call. */
function largestIn(sizes: Float64Array): number {
  return sizes.reduce((most, size) => Math.max(most, size), 0)
}

/** For every weight the largest magnitude in its block. */
function largestOf(w: ArrayLike<number>, layout: BlockLayout): Float64Array {
  const largest = new Float64Array(w.length)
  for (const members of blockMembers(layout)) {
    const top = members.reduce((most, i) => Math.max(most, Math.abs(w[i]!)), 0)
    for (const i of members) largest[i] = top || 1
  }
  return largest
}
