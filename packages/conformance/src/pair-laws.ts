// Laws of a format with a noise: what holds for either alone must survive the scale. Comes in: a pair. Goes out: counterexamples.
// Source: docs/design/05-smooth-noises.md (pairs). `explain` of @lotion/optim measures the same questions.

import type { Located, Noise, NumberFormat } from '@lotion/core'
import { castOf, jumpOf, largestOf, onBlocks } from './block-values.js'
import { ARITHMETICS, roundingOf, shown, type Counterexample, type Law } from './law.js'
import { strata } from './noise-values.js'
import { probeBlocks, type ProbeBlocks } from './probe-blocks.js'

/** A format and the noise it is used with. */
export interface Pair {
  readonly format: NumberFormat
  readonly noise: Noise
}

const STRATA = 64

function onEach(
  { format }: Pair,
  at: (blocks: ProbeBlocks, arithmetic: 'f64' | 'f32') => Counterexample | undefined,
): Counterexample | undefined {
  for (const blocks of probeBlocks(format).filter(({ extreme }) => !extreme)) {
    for (const arithmetic of ARITHMETICS) {
      const found = at(blocks, arithmetic)
      if (found) return { ...found, input: `${blocks.name}, ${found.input}` }
    }
  }
  return undefined
}

const finite: Law<Pair> = {
  name: 'finite',
  sentence:
    'Samples and variances in units of weights are finite numbers in single precision, for blocks of all kinds.',
  refute: (pair) =>
    onEach(pair, (blocks, arithmetic) => {
      // What overflows in f32 only.
      if (arithmetic === 'f64') return undefined
      for (const u of [0, 0.5, 1 - 2 ** -24]) {
        const formula = ({ site, scale }: Located, uniform: Parameters<Noise['sample']>[1]) => ({
          sample: pair.noise.sample(site, uniform).mul(scale),
          variance: pair.noise.variance(site).mul(scale).mul(scale),
        })
        for (const [name, values] of Object.entries(onBlocks(pair.format, blocks, 'f32', formula, u))) {
          const i = values.findIndex((value) => !Number.isFinite(value))
          if (i >= 0) return { input: `w = ${blocks.w[i]}, u = ${u}`, found: `the ${name} is ${values[i]}` }
        }
      }
      return undefined
    }),
}

const unbiased: Law<Pair> = {
  name: 'mean after scaling',
  sentence: 'The mean of a random cast is the weight.',
  claim: 'unbiased, and never saturates',
  claimed: ({ format, noise }) => noise.claims.unbiased && !format.scale.claims.saturates,
  refute: (pair) =>
    onEach(pair, (blocks, arithmetic) => {
      const { format, noise } = pair
      const { mean, range } = onBlocks(format, blocks, arithmetic, ({ site, scale }, u) => {
        const half = u.less(u, 0, 0)
        const law =
          noise.atoms?.(site) ??
          [0, ...strata(STRATA), 1 - 2 ** -24].map((at, j) => ({
            value: noise.sample(site, half.add(at)),
            mass: half.add(j === 0 || j > STRATA ? 0 : 1 / STRATA),
          }))
        const sum = law.map(({ value, mass }) => value.mul(mass)).reduce((total, part) => total.add(part))
        return { mean: sum.mul(scale), range: law.at(-1)!.value.sub(law[0]!.value).mul(scale) }
      })
      const size = largestOf(blocks.w)
      const i = blocks.w.findIndex((w, k) => {
        // A mean over n strata of a monotone sampler is within range / n of the expectation.
        // Sums of products are rounded some ten times the size of the largest weight.
        const slack =
          (arithmetic === 'f64' ? 1e-9 : 16 * roundingOf('f32')) * size +
          2 ** -140 +
          (noise.atoms ? 0 : range![k]! / STRATA)
        return Math.abs(mean![k]! - w) > slack
      })
      return i < 0
        ? undefined
        : { input: `w = ${blocks.w[i]}`, found: `the mean cast is ${shown(mean![i]!)}` }
    }),
}

const settled: Law<Pair> = {
  name: 'cast weights stay',
  sentence: 'Under a preserving noise a weight that has been cast is drawn as itself.',
  applies: ({ noise }) => noise.claims.preserving,
  refute: (pair) =>
    onEach(pair, (blocks, arithmetic) => {
      const cast = castOf(pair.format, blocks, arithmetic)
      const size = largestOf(cast)
      const formula = ({ site, scale }: Located, u: Parameters<Noise['sample']>[1]) => ({
        sample: pair.noise.sample(site, u).mul(scale),
      })
      // Away from the ends of [0, 1): dividing by the scale may miss the grid point by a rounding.
      for (const u of [0.5, 0.001, 0.999]) {
        const { sample } = onBlocks(pair.format, { ...blocks, w: cast }, arithmetic, formula, u)
        const i = cast.findIndex((w, k) => Math.abs(sample![k]! - w) > 1e-6 * size)
        if (i >= 0)
          return { input: `w = ${shown(cast[i]!)}, u = ${u}`, found: `the sample is ${shown(sample![i]!)}` }
      }
      return undefined
    }),
}

const continuous: Law<Pair> = {
  name: 'no jumps through the scale',
  sentence: "The variance in units of weights is continuous where the block's scale changes.",
  claim: 'continuous',
  // Neither denial settles the pair: a grid of many binades hides a scale that doubles.
  claimed: ({ format, noise }) =>
    noise.claims.continuous && format.scale.claims.continuous ? true : undefined,
  refute: ({ format, noise }) => {
    const jump = jumpOf(format, ({ site, scale }) => noise.variance(site).mul(scale).mul(scale))
    return (
      jump && {
        input: `a block's largest weight near ${shown(jump.at)}`,
        found: `the variance of the block goes from ${shown(jump.from)} to ${shown(jump.to)}`,
      }
    )
  },
}

/** What every pair is held to. */
export const pairLaws: readonly Law<Pair>[] = Object.freeze([finite, unbiased, settled, continuous])
