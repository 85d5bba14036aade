// Laws of noises along x: the slope is the derivative, no jumps, no kinks, and what smoothness costs.
// Comes in: a noise. Goes out: counterexamples. Source: docs/design/05-smooth-noises.md, statements 1 and 2.

import type { Grid, Noise } from '@lotion/core'
import { allArithmetics } from '@lotion/core/internal'
import { shown, type Counterexample, type Law } from './law.js'
import { chance, hiddenKink, kinkAt, REACH, sides } from './noise-kinks.js'
import { tabulate, type NoiseRow } from './noise-values.js'
import { endsOf, probeGrids, simplest } from './probe-grids.js'

/** A place strictly between the ends, with the gap of the grid around it. */
interface Place {
  readonly x: number
  readonly gap: number
}

/** Grid points but the ends, and places in every cell; simplest first. */
function interior({ points }: Grid, shares: readonly number[]): readonly Place[] {
  const gapAt = (x: number): number =>
    Math.min(...points.slice(1).flatMap((hi, k) => (x >= points[k]! && x <= hi ? [hi - points[k]!] : [])))
  const inside = points
    .slice(1)
    .flatMap((hi, k) => shares.map((share) => points[k]! + share * (hi - points[k]!)))
  return simplest([...points.slice(1, -1), ...inside]).map((x) => ({ x, gap: gapAt(x) }))
}

const cellShares = [0.5, 0.25, 0.75, 0.3, 0.6] as const

/** Shares all over a cell: a slope that is wrong along 1/64 of a cell is wrong at one of them. */
const denseShares = Array.from({ length: 64 }, (_, j) => (j + 0.5) / 64)

/** Some roundings of f32, each of the size of the grid, as a share of a cell. */
const COARSE = 2 ** -16

/** Values of a quantity before, at and after places, in one evaluation. */
function around(
  noise: Noise,
  grid: Grid,
  places: readonly Place[],
  reach: number,
): readonly (readonly [NoiseRow, NoiseRow, NoiseRow])[] {
  const rows = tabulate(
    noise,
    grid,
    places.flatMap(({ x, gap }) => [x - reach * gap, x, x + reach * gap]),
  )
  return places.map((_, i) => [rows[3 * i]!, rows[3 * i + 1]!, rows[3 * i + 2]!])
}

function eachGrid(at: (grid: Grid) => Counterexample | undefined): Counterexample | undefined {
  for (const grid of probeGrids) {
    const found = at(grid)
    if (found) return { ...found, input: `${found.input} on the grid ${grid.points.join(' ')}` }
  }
  return undefined
}

const slope: Law<Noise> = {
  name: 'slope',
  sentence:
    'The derived slope is the derivative of the variance; at a kink it lies between the slopes of the two sides.',
  refute: (noise) =>
    eachGrid((grid) => {
      const places = interior(grid, [...cellShares, ...denseShares])
      // Central differences of variances of cell size: truncation and rounding both stay below 10^-4 of a
      // gap.
      const reach = 2 ** -14
      for (const [i, [before, at, after]] of around(noise, grid, places, reach).entries()) {
        const { x, gap } = places[i]!
        const [left, right] = [
          (at.variance - before.variance) / (reach * gap),
          (after.variance - at.variance) / (reach * gap),
        ]
        const slack = 0.005 * gap
        if (at.slope < Math.min(left, right) - slack || at.slope > Math.max(left, right) + slack)
          return {
            input: `x = ${x}`,
            found: `the slope is ${shown(at.slope)}, the variance rises by ${shown(left)} before and ${shown(right)} after`,
          }
      }
      return undefined
    }),
}

const twin: Law<Noise> = {
  name: 'same course in f32',
  sentence:
    'In the single precision of executors variance and slope are those of double precision, up to rounding.',
  refute: (noise) =>
    eachGrid((grid) => {
      const places = interior(grid, [...cellShares, ...denseShares]).map(({ x, gap }) => ({
        x: Math.fround(x),
        gap,
      }))
      const x = places.map((place) => place.x)
      const [exact, single] = [tabulate(noise, grid, x), tabulate(noise, grid, x, 'f32')]
      for (const [i, { gap }] of places.entries()) {
        for (const [name, unit] of [
          ['variance', gap ** 2],
          ['slope', gap],
        ] as const) {
          const [expected, found] = [exact[i]![name], single[i]![name]]
          if (Math.abs(found - expected) > COARSE * unit)
            return {
              input: `x = ${x[i]}`,
              found: `the ${name} is ${shown(expected)} in f64 and ${shown(found)} in f32`,
            }
        }
      }
      return undefined
    }),
}

const rest: Law<Noise> = {
  name: 'rest on grid points',
  sentence:
    'A preserving law has slope 0 at every grid point, so that a weight that has landed is not pushed off.',
  applies: ({ claims }) => claims.preserving,
  refute: (noise) =>
    eachGrid((grid) => {
      for (const arithmetic of allArithmetics) {
        const moved = tabulate(noise, grid, simplest(grid.points), arithmetic).find((row) => row.slope !== 0)
        if (moved)
          return { input: `x = ${moved.x}`, found: `the slope is ${shown(moved.slope)} in ${arithmetic}` }
      }
      return undefined
    }),
}

const continuous: Law<Noise> = {
  name: 'no jumps',
  sentence:
    'The variance is continuous in x between the ends of the grid: no jump at grid points or inside a cell.',
  claim: 'continuous',
  claimed: ({ claims }) => claims.continuous,
  refute: (noise) =>
    eachGrid((grid) => {
      const places = interior(grid, cellShares)
      for (const [i, [before, at, after]] of around(noise, grid, places, 2 ** -20).entries()) {
        const { x, gap } = places[i]!
        const jump = Math.max(Math.abs(at.variance - before.variance), Math.abs(after.variance - at.variance))
        if (jump > gap ** 2 / 1000)
          return {
            input: `x = ${x}`,
            found: `the variance goes ${shown(before.variance)}, ${shown(at.variance)}, ${shown(after.variance)}`,
          }
      }
      return steepest(noise, grid)
    }),
}

/** Bisect the eight steepest of 64 parts of every cell; a jump does not shrink with the part. */
function steepest(noise: Noise, grid: Grid): Counterexample | undefined {
  const parts = 64
  const edges = grid.points.slice(1).flatMap((hi, k) => {
    const lo = grid.points[k]!
    return Array.from({ length: parts }, (_, j) => ({
      low: lo + (j / parts) * (hi - lo),
      high: lo + ((j + 1) / parts) * (hi - lo),
      gap: hi - lo,
    }))
  })
  const rise = (rows: readonly NoiseRow[]): number => Math.abs(rows.at(-1)!.variance - rows[0]!.variance)
  const rows = tabulate(
    noise,
    grid,
    edges.flatMap(({ low, high }) => [low, high]),
  )
  const steep = edges
    .map((edge, i) => ({ ...edge, rise: rise(rows.slice(2 * i, 2 * i + 2)) / edge.gap ** 2 }))
    .sort((a, b) => b.rise - a.rise)
    .slice(0, 8)
  let brackets = steep.map(({ low, high }) => [low, high] as const)
  for (let halving = 0; halving < 20; halving++) {
    const places = brackets.flatMap(([low, high]) => [low, (low + high) / 2, high])
    const rows = tabulate(noise, grid, places)
    brackets = brackets.map((_, i) => {
      const [low, middle, high] = rows.slice(3 * i, 3 * i + 3) as [NoiseRow, NoiseRow, NoiseRow]
      return rise([low, middle]) > rise([middle, high]) ? [low.x, middle.x] : [middle.x, high.x]
    })
  }
  const ends = tabulate(noise, grid, brackets.flat())
  for (const [i, { gap }] of steep.entries()) {
    const [a, b] = [ends[2 * i]!, ends[2 * i + 1]!]
    if (rise([a, b]) > gap ** 2 / 1000)
      return {
        input: `x near ${shown(a.x)}`,
        found: `the variance goes from ${shown(a.variance)} to ${shown(b.variance)}`,
      }
  }
  return undefined
}

const smooth: Law<Noise> = {
  name: 'no kinks',
  sentence:
    'Between the ends the variance, and each chance where the law has atoms, rises alike on both sides of every place.',
  claim: 'smooth',
  claimed: ({ claims }) => claims.smooth,
  refute: (noise) =>
    eachGrid((grid) => {
      const places = interior(grid, cellShares)
      for (const [i, rows] of around(noise, grid, places, REACH).entries()) {
        const kink = kinkAt(noise, grid, rows, places[i]!.gap)
        if (kink) return kink
      }
      return hiddenKink(noise, grid)
    }),
}

const flat: Law<Noise> = {
  name: 'statement 2, flat',
  sentence:
    'A law that is on the grid, preserving and smooth has a smoothed loss of slope 0 at every grid point: each chance has slope 0 there.',
  applies: ({ claims, atoms }) =>
    atoms !== undefined && claims.onGrid === true && claims.preserving && claims.smooth === true,
  refute: (noise) =>
    eachGrid((grid) => {
      const [bottom, top] = endsOf(grid.points)
      const places = interior(grid, []).filter(({ x }) => x > bottom && x < top)
      for (const [i, rows] of around(noise, grid, places, REACH).entries()) {
        const { x, gap } = places[i]!
        for (const point of grid.points) {
          const [left, right] = sides(rows, (row) => chance(row, point), REACH * gap)
          if (Math.max(Math.abs(left), Math.abs(right)) > 0.01 / gap)
            return {
              input: `x = ${x}`,
              found: `the chance of ${point} rises by ${shown(left)} before and ${shown(right)} after`,
            }
        }
      }
      return undefined
    }),
}

/** Laws about how a noise changes with x. */
export const smoothnessLaws: readonly Law<Noise>[] = Object.freeze([
  slope,
  twin,
  rest,
  continuous,
  smooth,
  flat,
])
