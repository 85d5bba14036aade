// Verdicts on a format with a noise: does what holds for either alone hold for both together? Comes in: the
// pair. Goes out: three answers with measured sizes. Source: docs/design/05-smooth-noises.md (pairs).

import {
  blockOf,
  castVariance,
  layoutOf,
  normals,
  uniforms,
  type BlockLayout,
  type Noise,
  type NumberFormat,
} from '@lotion/core'
import { allArithmetics, blockMembers } from '@lotion/core/internal'
import {
  drawnCasts,
  largestJump,
  LONGEST,
  meanCasts,
  nearestCasts,
  type Pair,
  type WeightBlocks,
} from './pair-values.js'

/** One answer about a pair. */
export interface PairVerdict {
  /** Which of the three things `explain` asks. */
  readonly question: 'unbiased' | 'representable' | 'continuous'
  /** Whether the pair has it. */
  readonly holds: boolean
  /**
   * The largest violation on rows of Gaussian weights: `unbiased`, `representable`: relative to the largest
   * weight of the block; `continuous`: a jump of the block's variance relative to the variance. About 0 where
   * the answer is yes.
   */
  readonly size: number
  /** The answer in a sentence. */
  readonly words: string
}

/** f64 rounding, and scales kept in f32, stay below this share of a block's largest weight. */
const TOLERANCE = 1e-6

const verdicts = new WeakMap<NumberFormat, WeakMap<Noise, readonly PairVerdict[]>>()

/**
 * Measure three things that LOTION's theory asks of a pair: is a random cast unbiased after scaling (its mean
 * is the weight); is a random cast representable in the scale that is recomputed from it; is the variance
 * continuous where the block's scale changes. Deterministic; takes some tenths of a second, once for the same
 * two objects. Blocks of more than 32 weights are measured as blocks of 32, a stand-in: sizes differ with the
 * length.
 * @param format Grid, scale rule and block of the pair.
 * @param noise The law of the pair.
 * @example
 * ```ts
 * import { nvfp4 } from '@lotion/formats'
 * import { explain, randomizedRounding } from '@lotion/noise'
 *
 * for (const { question, holds, words } of explain(nvfp4, randomizedRounding))
 *   console.log(question, holds, words)
 * ```
 */
export function explain(format: NumberFormat, noise: Noise): readonly PairVerdict[] {
  const known = verdicts.get(format) ?? new WeakMap<Noise, readonly PairVerdict[]>()
  verdicts.set(format, known)
  const verdict = known.get(noise) ?? measured(format, noise)
  known.set(noise, verdict)
  return verdict
}

function measured(format: NumberFormat, noise: Noise): readonly PairVerdict[] {
  const pair = { format, noise }
  // A layout says what the blocks are: a long one is measured as a short one.
  const block = format.block.kind === 'size' && format.block.size > LONGEST ? blockOf(LONGEST) : format.block
  const length = block.kind === 'size' ? Math.max(block.size, LONGEST) : 2 * LONGEST
  const sample = (rows: number): WeightBlocks => ({
    layout: layoutOf([rows, length], block),
    w: normals({ seed: 1, stream: 'explain weights' }, rows * length),
  })
  // A draw rarely moves a block's maximum so far that the scale changes: only many blocks show one.
  return Object.freeze([unbiased(pair, sample(16)), representable(pair, sample(128)), continuous(pair)])
}

/**
 * Say in words what breaks the theory, or nothing. Trusts the claims of scale rule and noise; measures what
 * they deny.
 */
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
    `${format.name} trains, but what is proved of LOTION does not cover all of it (scale ${format.scale.name}, noise ${noise.name}). ` +
    `${broken.map(({ words }) => words).join(' ')}${advice}`
  )
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`

function unbiased(pair: Pair, blocks: WeightBlocks): PairVerdict {
  const largest = largestOf(blocks.w, blocks.layout)
  let [size, holds] = [0, true]
  for (const arithmetic of allArithmetics) {
    const { mean, slack } = meanCasts(pair, blocks, arithmetic)
    mean.forEach((value, i) => {
      const bias = Math.abs(value - blocks.w[i]!) / largest[i]!
      size = Math.max(size, bias)
      holds &&= bias <= TOLERANCE + slack[i]! / largest[i]!
    })
  }
  return Object.freeze({
    question: 'unbiased',
    holds,
    size: holds && !pair.noise.atoms ? 0 : size,
    words: holds
      ? 'The mean of a random cast is the weight.'
      : `The mean of a random cast is not the weight: it is off by up to ${percent(size)} of the block's largest weight.`,
  })
}

function representable(pair: Pair, { w, layout }: WeightBlocks): PairVerdict {
  // A third of the draws at either end of the law: what is rare happens too, such as a maximum that leaves
  // its point.
  const u = uniforms({ seed: 1, stream: 'explain draws' }, w.length).map((draw, i) => {
    const third = Math.floor(i / layout.length) % 3
    return third === 0 ? draw : third === 1 ? 2 ** -14 : 1 - 2 ** -14
  })
  let size = 0
  for (const arithmetic of allArithmetics) {
    const cast = drawnCasts(pair, { w, layout }, u, arithmetic)
    const again = nearestCasts(pair.format, { w: cast, layout }, arithmetic)
    const largest = largestOf(cast, layout)
    cast.forEach((value, i) => (size = Math.max(size, Math.abs(again[i]! - value) / largest[i]!)))
  }
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

function continuous({ format, noise }: Pair): PairVerdict {
  const { size } = largestJump(format, (at) => castVariance(at, noise))
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

/** For every weight the largest magnitude in its block. */
function largestOf(w: ArrayLike<number>, layout: BlockLayout): Float64Array {
  const largest = new Float64Array(w.length)
  for (const members of blockMembers(layout)) {
    const top = members.reduce((most, i) => Math.max(most, Math.abs(w[i]!)), 0)
    for (const i of members) largest[i] = top || 1
  }
  return largest
}
