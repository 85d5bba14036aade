// Where what a noise says turns sharply inside a cell. Comes in: a noise, a grid. Goes out: the sharpest turn
// that is a kink.
// Source: docs/design/05-smooth-noises.md, statement 2; a kink's second difference shrinks like the step, a
// curve's like its square.

import type { Grid, Noise } from '@lotion/core'
import { shown, type Counterexample } from './law.js'
import { tabulate, type NoiseRow } from './noise-values.js'

/**
 * Differences this short tell a kink of 1 % of a cell's slope from the curvature of a law that turns within
 * 10^-3 of a cell.
 */
export const REACH = 2 ** -18

/** A change of slope below this share of a cell's slope is no kink. */
const LEAST = 0.02

/** Parts of a cell, as a power of 2, and how many of a grid's oddest turns are bisected. */
const [PARTS, SUSPECTS] = [6, 8]

/** The chance of a point, over all atoms of that value. */
export const chance = ({ atoms }: NoiseRow, point: number): number =>
  atoms.reduce((sum, { value, mass }) => sum + (value === point ? mass : 0), 0)

/** Slopes of a quantity on both sides of a place. */
export const sides = (
  rows: readonly NoiseRow[],
  of: (row: NoiseRow) => number,
  step: number,
): readonly [number, number] => [(of(rows[1]!) - of(rows[0]!)) / step, (of(rows[2]!) - of(rows[1]!)) / step]

/** What must not turn sharply: the variance, and the chance of each point where the law has atoms. */
interface Quantity {
  readonly name: string
  readonly of: (row: NoiseRow) => number
  /** The slope of a cell of this gap. */
  readonly unit: (gap: number) => number
}

function quantitiesOf(noise: Noise, { points }: Grid): readonly Quantity[] {
  const chances = points.map((point) => ({
    name: `the chance of ${point}`,
    of: (row: NoiseRow) => chance(row, point),
    unit: (gap: number) => 1 / gap,
  }))
  const variance: Quantity = { name: 'the variance', of: (row) => row.variance, unit: (gap) => gap }
  return noise.atoms ? [variance, ...chances] : [variance]
}

/** The kink at a place, of the first quantity that has one; rows lie a reach before, at and after it. */
export function kinkAt(
  noise: Noise,
  grid: Grid,
  rows: readonly NoiseRow[],
  gap: number,
): Counterexample | undefined {
  for (const { name, of, unit } of quantitiesOf(noise, grid)) {
    const [left, right] = sides(rows, of, REACH * gap)
    if (Math.abs(right - left) > LEAST * unit(gap))
      return {
        input: `x = ${shown(rows[1]!.x)}`,
        found: `${name} rises by ${shown(left)} before and by ${shown(right)} after`,
      }
  }
  return undefined
}

/** A piece of a cell around a middle, and the curvature that the course on both sides announces. */
interface Turn {
  readonly middle: number
  readonly gap: number
  readonly curvature: number
  /** The size of the second difference that was not announced. */
  readonly odd: number
}

/** Bisect, for each quantity, the oddest second differences over 64 parts of every cell. */
export function hiddenKink(noise: Noise, grid: Grid): Counterexample | undefined {
  const parts = 2 ** PARTS
  const cells = grid.points.slice(1).map((hi, k) => ({ lo: grid.points[k]!, gap: hi - grid.points[k]! }))
  const rows = tabulate(
    noise,
    grid,
    cells.flatMap(({ lo, gap }) => Array.from({ length: parts + 1 }, (_, j) => lo + (j / parts) * gap)),
  )
  const turns = quantitiesOf(noise, grid).flatMap((quantity) =>
    cells
      .flatMap(({ gap }, k) =>
        turnsOf(rows.slice(k * (parts + 1), (k + 1) * (parts + 1)).map(pointOf(quantity)), gap, quantity),
      )
      .sort((a, b) => b.odd - a.odd)
      .slice(0, SUSPECTS)
      .map((turn) => ({ ...turn, quantity })),
  )
  let middles = turns.map(({ middle }) => middle)
  for (let halving = PARTS; 2 ** -halving > REACH; halving++) {
    const half = 2 ** -(halving + 1)
    const found = tabulate(
      noise,
      grid,
      middles.flatMap((middle, i) => [-2, -1, 0, 1, 2].map((step) => middle + step * half * turns[i]!.gap)),
    )
    middles = turns.map(({ gap, curvature, quantity: { of } }, i) => {
      const five = found.slice(5 * i, 5 * i + 5)
      const odd = (at: number): number => Math.abs(bend(five.map(of), at) - curvature * half ** 2)
      const best = [2, 1, 3].reduce((most, at) => (odd(at) > odd(most) ? at : most))
      return middles[i]! + (best - 2) * half * gap
    })
  }
  const ends = tabulate(
    noise,
    grid,
    middles.flatMap((x, i) => [x - REACH * turns[i]!.gap, x, x + REACH * turns[i]!.gap]),
  )
  for (const [i, { gap }] of turns.entries()) {
    const kink = kinkAt(noise, grid, ends.slice(3 * i, 3 * i + 3), gap)
    if (kink) return kink
  }
  return undefined
}

const pointOf =
  ({ of }: Quantity) =>
  (row: NoiseRow): readonly [x: number, y: number] => [row.x, of(row)]

/** The second difference at an index. */
const bend = (y: readonly number[], at: number): number => y[at - 1]! - 2 * y[at]! + y[at + 1]!

/** Every part's turn in one cell; a course whose second differences lie on a line announces them all. */
function turnsOf(
  course: readonly (readonly [x: number, y: number])[],
  gap: number,
  { unit }: Quantity,
): readonly Turn[] {
  const y = course.map(([, value]) => value)
  const bends = y.slice(2).map((_, j) => bend(y, j + 1))
  return bends.map((found, j) => {
    // Two away, so that a kink between two places is not taken for curvature; a line through two such at the
    // cell's ends.
    const announced = (away: 1 | -1): number =>
      bends[j + 2 * away] ?? 2 * bends[j - 2 * away]! - bends[j - 4 * away]!
    const expected = (announced(-1) + announced(1)) / 2
    return {
      middle: course[j + 1]![0],
      gap,
      curvature: expected * 4 ** PARTS,
      odd: Math.abs(found - expected) / (unit(gap) * gap),
    }
  })
}
