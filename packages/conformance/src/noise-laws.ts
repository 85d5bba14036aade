// Laws of noises, place by place: finite, a law, its variance, its sampler, the claims about them.
// Comes in: a noise. Goes out: counterexamples. Source: contract `Noise`; docs/design/05-smooth-noises.md.

import type { Arithmetic, Noise } from '@lotion/core'
import { allArithmetics } from '@lotion/core/internal'
import { strata } from '@lotion/noise/internal'
import { shown, type Counterexample, type Law } from './law.js'
import { distributions, draw, tabulate, type Distribution } from './noise-values.js'
import { endsOf, placesOn, probeGrids, simplest } from './probe-grids.js'
import { smoothnessLaws } from './noise-smoothness.js'

const isOnGrid = (noise: Noise): boolean => noise.claims.onGrid ?? noise.atoms !== undefined

/** Rounding of a few operations, as a share of the largest number on a grid, squared or not. */
const rounding: Readonly<Record<Arithmetic, number>> = { f64: 2 ** -40, f32: 2 ** -20 }

/** How many of the simplest places are worth many samples. */
const SAMPLED = 60

/** Try every grid's places in turn, in f64 and then in f32; the first hit is the simplest. */
function refute(
  at: (
    grid: (typeof probeGrids)[number],
    places: readonly number[],
    arithmetic: Arithmetic,
  ) => Counterexample | undefined,
): Counterexample | undefined {
  for (const arithmetic of allArithmetics) {
    for (const grid of probeGrids) {
      const places = placesOn(grid)
      const found = at(grid, arithmetic === 'f32' ? places.map(Math.fround) : places, arithmetic)
      if (found)
        return {
          input: `${found.input} on the grid ${grid.points.join(' ')}`,
          found: `${found.found}${arithmetic === 'f32' ? ' in f32' : ''}`,
        }
    }
  }
  return undefined
}

const finite: Law<Noise> = {
  name: 'finite',
  sentence:
    'Variance, its slope, every mass and every sample is a finite number, also on grid points and beyond the ends.',
  refute: (noise) =>
    refute((grid, places, arithmetic) => {
      for (const { x, variance, slope, atoms } of tabulate(noise, grid, places, arithmetic)) {
        const numbers = {
          variance,
          slope,
          ...Object.fromEntries(
            atoms.flatMap((a, j) => [
              [`value ${j}`, a.value],
              [`mass ${j}`, a.mass],
            ]),
          ),
        }
        const bad = Object.entries(numbers).find(([, value]) => !Number.isFinite(value))
        if (bad) return { input: `x = ${x}`, found: `${bad[0]} is ${bad[1]}` }
      }
      const uniforms = [0, 0.5, 1 - 2 ** -24]
      const samples = draw(noise, grid, places, uniforms, arithmetic)
      for (const [i, x] of places.entries()) {
        const j = samples[i]!.findIndex((q) => !Number.isFinite(q))
        if (j >= 0) return { input: `x = ${x}, u = ${uniforms[j]}`, found: `the sample is ${samples[i]![j]}` }
      }
      return undefined
    }),
}

const masses: Law<Noise> = {
  name: 'masses',
  sentence: 'The masses of the atoms are chances: none below 0, their sum 1, and their values ascend.',
  applies: (noise) => noise.atoms !== undefined,
  refute: (noise) =>
    refute((grid, places, arithmetic) => {
      for (const { x, atoms } of tabulate(noise, grid, places, arithmetic)) {
        const sum = atoms.reduce((total, { mass }) => total + mass, 0)
        const input = `x = ${x}`
        if (Math.abs(sum - 1) > rounding[arithmetic])
          return { input, found: `the masses add up to ${shown(sum)}` }
        const negative = atoms.find(({ mass }) => mass < -rounding[arithmetic])
        if (negative) return { input, found: `the mass of ${negative.value} is ${shown(negative.mass)}` }
        const j = atoms.findIndex(({ value }, k) => k > 0 && value < atoms[k - 1]!.value)
        if (j >= 0)
          return { input, found: `the values are ${atoms.map(({ value }) => shown(value)).join(', ')}` }
      }
      return undefined
    }),
}

const meanOf = ({ outcomes }: Distribution): number =>
  outcomes.reduce((sum, { value, mass }) => sum + value * mass, 0)

/** How far a mean over outcomes may be off: their error times their range, and `rounding`. */
function slack({ outcomes, error }: Distribution, of: (value: number) => number, rounding: number): number {
  const values = outcomes.map(({ value }) => of(value))
  const [low, high] = values.reduce(
    ([a, b], value) => [Math.min(a, value), Math.max(b, value)],
    [Infinity, -Infinity],
  )
  return error * 2 * (high - low) + rounding
}

const variance: Law<Noise> = {
  name: 'variance',
  sentence: 'The variance is E[(q − x)²] over the outcomes q.',
  refute: (noise) =>
    refute((grid, places, arithmetic) => {
      const [bottom, top] = endsOf(grid.points)
      const rows = new Map(tabulate(noise, grid, places, arithmetic).map((row) => [row.x, row.variance]))
      for (const law of distributions(noise, grid, places, arithmetic)) {
        const { x } = law
        const square = (value: number): number => (value - x) ** 2
        const expected = law.outcomes.reduce((sum, { value, mass }) => sum + mass * square(value), 0)
        const found = rows.get(x)!
        if (
          Math.abs(found - expected) >
          slack(law, square, rounding[arithmetic] * Math.max(-bottom, top, Math.abs(x)) ** 2)
        )
          return {
            input: `x = ${x}`,
            found: `the variance is ${shown(found)}, E[(q − x)²] is ${shown(expected)}`,
          }
      }
      return undefined
    }),
}

const monotone: Law<Noise> = {
  name: 'monotone sampler',
  sentence: 'A larger u never gives a smaller sample.',
  refute: (noise) =>
    refute((grid, places, arithmetic) => {
      const some = places.slice(0, SAMPLED)
      const uniforms = [0, ...strata(30), 1 - 2 ** -24]
      const samples = draw(noise, grid, some, uniforms, arithmetic)
      for (const [i, x] of some.entries()) {
        const j = samples[i]!.findIndex((q, k) => k > 0 && q < samples[i]![k - 1]!)
        if (j > 0)
          return {
            input: `x = ${x}`,
            found: `u = ${uniforms[j - 1]} gives ${shown(samples[i]![j - 1]!)}, u = ${uniforms[j]} gives ${shown(samples[i]![j]!)}`,
          }
      }
      return undefined
    }),
}

const sampler: Law<Noise> = {
  name: 'sampler',
  sentence: 'For u uniform on [0, 1) each outcome is drawn as often as its mass says.',
  applies: (noise) => noise.atoms !== undefined,
  refute: (noise) =>
    refute((grid, places, arithmetic) => {
      const some = places.slice(0, SAMPLED)
      const n = 128
      const samples = draw(noise, grid, some, strata(n), arithmetic)
      for (const [i, { x, atoms }] of tabulate(noise, grid, some, arithmetic).entries()) {
        const values = simplest([...atoms.map(({ value }) => value), ...samples[i]!])
        for (const value of values) {
          const mass = atoms.reduce((sum, atom) => sum + (atom.value === value ? atom.mass : 0), 0)
          const share = samples[i]!.filter((q) => q === value).length / n
          // Each of an outcome's two edges may fall anywhere in a stratum.
          if (Math.abs(share - mass) > 1 / n + rounding[arithmetic])
            return {
              input: `x = ${x}`,
              found: `${shown(value)} has mass ${shown(mass)}, and is drawn in ${shown(share)} of ${n} equal parts`,
            }
        }
      }
      return undefined
    }),
}

const unbiased: Law<Noise> = {
  name: 'mean',
  sentence: 'The mean outcome is x, for every x between the ends of the grid.',
  claim: 'unbiased',
  claimed: ({ claims }) => claims.unbiased,
  refute: (noise) =>
    refute((grid, places, arithmetic) => {
      const [bottom, top] = endsOf(grid.points)
      for (const law of distributions(noise, grid, places, arithmetic)) {
        const { x } = law
        if (x < bottom || x > top) continue
        const found = meanOf(law)
        if (Math.abs(found - x) > slack(law, (value) => value, rounding[arithmetic] * Math.max(-bottom, top)))
          return { input: `x = ${x}`, found: `the mean outcome is ${shown(found)}` }
      }
      return undefined
    }),
}

const onGrid: Law<Noise> = {
  name: 'outcomes',
  sentence: 'Every outcome is a point of the grid.',
  claim: 'onGrid',
  claimed: ({ claims }) => claims.onGrid,
  refute: (noise) =>
    refute((grid, places, arithmetic) => {
      for (const { x, outcomes } of distributions(noise, grid, places, arithmetic)) {
        const stray = outcomes.find(({ value, mass }) => mass > 0 && !grid.points.includes(value + 0))
        if (stray) return { input: `x = ${x}`, found: `an outcome is ${shown(stray.value)}` }
      }
      return undefined
    }),
}

const preserving: Law<Noise> = {
  name: 'grid points stay',
  sentence: 'At a grid point the variance is 0 and every sample is that point.',
  claim: 'preserving',
  claimed: ({ claims }) => claims.preserving,
  refute: (noise) =>
    refute((grid, _, arithmetic) => {
      const places = simplest(grid.points)
      const uniforms = [0, 0.5, 1 - 2 ** -24]
      const samples = draw(noise, grid, places, uniforms, arithmetic)
      for (const [i, { x, variance: found }] of tabulate(noise, grid, places, arithmetic).entries()) {
        const j = samples[i]!.findIndex((q) => q !== x)
        if (j >= 0)
          return { input: `x = ${x}, u = ${uniforms[j]}`, found: `the sample is ${shown(samples[i]![j]!)}` }
        if (found !== 0) return { input: `x = ${x}`, found: `the variance is ${shown(found)}` }
      }
      return undefined
    }),
}

const lowerBound: Law<Noise> = {
  name: 'statement 1',
  sentence:
    'An unbiased law on the grid has a variance of at least (x − lo)(hi − x), hence a kink or a width at every grid point.',
  applies: (noise) => noise.claims.unbiased && isOnGrid(noise),
  refute: (noise) =>
    refute((grid, places, arithmetic) => {
      const [bottom, top] = endsOf(grid.points)
      for (const { x, lo, hi, variance: found } of tabulate(noise, grid, places, arithmetic)) {
        const least = (x - lo) * (hi - x)
        if (x >= bottom && x <= top && found < least - rounding[arithmetic] * Math.max(-bottom, top) ** 2)
          return { input: `x = ${x}`, found: `the variance is ${shown(found)}, the bound ${shown(least)}` }
      }
      return undefined
    }),
}

const impossible: Law<Noise> = {
  name: 'statement 2, claims',
  sentence: 'A law cannot be unbiased, on the grid, preserving and smooth at once.',
  refute: ({ claims }) =>
    claims.unbiased && claims.onGrid && claims.preserving && claims.smooth
      ? { input: 'its claims', found: 'all four are made; at least one of them is false' }
      : undefined,
}

const neverBelow: Law<Noise> = {
  name: 'statement 3, minimum',
  sentence: 'The smoothed loss E[f(q)] of a law on the grid is nowhere below the least f of a grid point.',
  applies: isOnGrid,
  refute: (noise) =>
    refute((grid, places, arithmetic) => {
      // A dip at one point, a slope, a bowl: losses whose least value is at a point, an end, inside.
      const losses: readonly (readonly [string, (value: number) => number])[] = [
        ...grid.points.map(
          (point) => [`f = −1 at ${point}, else 0`, (value: number) => (value === point ? -1 : 0)] as const,
        ),
        ['f(q) = q', (value) => value],
        ['f(q) = (q − 0.3)²', (value) => (value - 0.3) ** 2],
      ]
      for (const { x, outcomes } of distributions(noise, grid, places, arithmetic)) {
        for (const [name, f] of losses) {
          const found = outcomes.reduce((sum, { value, mass }) => sum + mass * f(value), 0)
          const least = Math.min(...grid.points.map(f))
          if (found < least - rounding[arithmetic] * (1 + Math.abs(least)))
            return {
              input: `x = ${x}, ${name}`,
              found: `E[f(q)] is ${shown(found)}, the least f ${shown(least)}`,
            }
        }
      }
      return undefined
    }),
}

/** What every noise is held to. */
export const noiseLaws: readonly Law<Noise>[] = Object.freeze([
  finite,
  masses,
  variance,
  monotone,
  sampler,
  unbiased,
  onGrid,
  preserving,
  ...smoothnessLaws,
  lowerBound,
  impossible,
  neverBelow,
])
