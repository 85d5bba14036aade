// Laws of a format with a noise: what holds for either alone must survive the scale. Comes in: a pair.
// Goes out: counterexamples.
// Source: docs/design/05-smooth-noises.md (pairs). The numbers are those that `explain` of @lotion/noise
// measures.

import { castVariance, type Arithmetic } from '@lotion/core'
import { allArithmetics, drawnCast } from '@lotion/core/internal'
import type { Pair } from '@lotion/noise'
import { drawnCasts, largestJump, meanCasts, nearestCasts } from '@lotion/noise/internal'
import { largestOf, onBlocks } from './block-values.js'
import { roundingOf, shown, type Counterexample, type Law } from './law.js'
import { probeBlocks, type ProbeBlocks } from './probe-blocks.js'

function onEach(
  { format }: Pair,
  at: (blocks: ProbeBlocks, arithmetic: Arithmetic) => Counterexample | undefined,
): Counterexample | undefined {
  for (const blocks of probeBlocks(format).filter(({ extreme }) => !extreme)) {
    for (const arithmetic of allArithmetics) {
      const found = at(blocks, arithmetic)
      if (found) return { ...found, input: `${blocks.name}, ${found.input}` }
    }
  }
  return undefined
}

const finite: Law<Pair> = {
  name: 'finite',
  sentence: 'Samples and variances in units of weights are finite numbers, for blocks of all kinds.',
  refute: (pair) =>
    onEach(pair, (blocks, arithmetic) => {
      for (const u of [0, 0.5, 1 - 2 ** -24]) {
        const found = onBlocks(
          pair.format,
          blocks,
          arithmetic,
          (at, uniform) => ({
            sample: drawnCast(at, pair.noise, uniform),
            variance: castVariance(at, pair.noise),
          }),
          u,
        )
        for (const [name, values] of Object.entries(found)) {
          const i = values.findIndex((value) => !Number.isFinite(value))
          if (i >= 0)
            return {
              input: `w = ${blocks.w[i]}, u = ${u}`,
              found: `the ${name} is ${values[i]} in ${arithmetic}`,
            }
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
      const { mean, slack } = meanCasts(pair, blocks, arithmetic)
      // Sums of products are rounded some ten times the size of the largest weight.
      const rounding =
        (arithmetic === 'f64' ? 1e-9 : 16 * roundingOf('f32')) * largestOf(blocks.w) + 2 ** -140
      const i = blocks.w.findIndex((w, k) => Math.abs(mean[k]! - w) > rounding + slack[k]!)
      return i < 0
        ? undefined
        : { input: `w = ${blocks.w[i]}`, found: `the mean cast is ${shown(mean[i]!)} in ${arithmetic}` }
    }),
}

const settled: Law<Pair> = {
  name: 'cast weights stay',
  sentence: 'Under a preserving noise a weight that has been cast is drawn as itself.',
  applies: ({ noise }) => noise.claims.preserving,
  refute: (pair) =>
    onEach(pair, (blocks, arithmetic) => {
      const cast = { ...blocks, w: [...nearestCasts(pair.format, blocks, arithmetic)] }
      const size = largestOf(cast.w)
      // Away from the ends of [0, 1): dividing by the scale may miss the grid point by a rounding.
      for (const u of [0.5, 0.001, 0.999]) {
        const sample = drawnCasts(
          pair,
          cast,
          cast.w.map(() => u),
          arithmetic,
        )
        const i = cast.w.findIndex((w, k) => Math.abs(sample[k]! - w) > 1e-6 * size)
        if (i >= 0)
          return {
            input: `w = ${shown(cast.w[i]!)}, u = ${u}`,
            found: `the sample is ${shown(sample[i]!)} in ${arithmetic}`,
          }
      }
      return undefined
    }),
}

const continuous: Law<Pair> = {
  name: 'no jumps through the scale',
  sentence: "The variance in units of weights is continuous where the block's scale changes.",
  claim: 'continuous',
  // If one of the two makes no claim, the pair may still be continuous: a grid of many binades is
  // nearly the same at twice the scale.
  claimed: ({ format, noise }) =>
    noise.claims.continuous && format.scale.claims.continuous ? true : undefined,
  refute: ({ format, noise }) => {
    const { at, from, to, size } = largestJump(format, (located) => castVariance(located, noise))
    return size <= 1e-6
      ? undefined
      : {
          input: `a block's largest weight near ${shown(at)}`,
          found: `the variance of the block goes from ${shown(from)} to ${shown(to)}`,
        }
  },
}

/** What every pair is held to. */
export const pairLaws: readonly Law<Pair>[] = Object.freeze([finite, unbiased, settled, continuous])
