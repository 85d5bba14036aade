// Laws of a format's grid: the list of points is the truth, and `around` finds what it says. Comes in: a
// format. Goes out: counterexamples. Source: the contract `Grid` of @lotion/core.

import { nearestPoint, type NumberFormat } from '@lotion/core'
import { allArithmetics } from '@lotion/core/internal'
import { onPlaces } from './block-values.js'
import { roundingOf, type Law } from './law.js'
import { endsOf, simplest } from './probe-grids.js'

/** How `around` is asked: in both arithmetics, with any x and with x that the scale rule bounds. */
const ways = allArithmetics.flatMap((arithmetic) =>
  [false, true].map((isBounded) => [arithmetic, isBounded] as const),
)

const points: Law<NumberFormat> = {
  name: 'points',
  sentence:
    'The grid lists at least two finite points in ascending order, no more than its codes can tell apart.',
  refute: ({ grid, bits }) => {
    const bad = grid.points.findIndex(
      (point, k) => !Number.isFinite(point) || (k > 0 && point <= grid.points[k - 1]!),
    )
    if (bad >= 0) return { input: `point ${bad}`, found: `${grid.points[bad]} after ${grid.points[bad - 1]}` }
    const count = grid.points.length
    if (count < 2 || count > 2 ** bits) return { input: `${bits} bits`, found: `${count} points` }
    return undefined
  },
}

/** Points, midpoints, places near points and beyond the ends. */
function placesAmong({ grid }: NumberFormat): readonly number[] {
  const [bottom, top] = endsOf(grid.points)
  const size = Math.max(-bottom, top)
  const between = grid.points.slice(1).flatMap((hi, k) => {
    const lo = grid.points[k]!
    return [0.5, 2 ** -10, 1 - 2 ** -10].map((share) => lo + share * (hi - lo))
  })
  return simplest(
    [...grid.points, ...between, top + size, bottom - size, 1e6 * size, -1e6 * size].map(Math.fround),
  )
}

/** The neighbours by search through the list of points. */
function neighbours(
  all: readonly number[],
  x: number,
): Readonly<Record<'below' | 'lo' | 'hi' | 'above', number>> {
  const last = all.length - 1
  const low = Math.max(
    all.findLastIndex((point) => point <= x),
    0,
  )
  const exact = all[low] === x || x < all[0]! || x > all[last]!
  const high = exact ? low : low + 1
  const at = (k: number): number => all[Math.min(Math.max(k, 0), last)]!
  return { below: at(low - 1), lo: at(low), hi: at(high), above: at(high + 1) }
}

const around: Law<NumberFormat> = {
  name: 'neighbours',
  sentence:
    '`around` finds the neighbours that a search through the list of points finds, in f64 and in f32, also when it is told that x is bounded.',
  refute: (format) => {
    const all = placesAmong(format)
    const top = Math.fround(endsOf(format.grid.points)[1])
    for (const [arithmetic, isBounded] of ways) {
      const points = format.grid.points.map((point) => (arithmetic === 'f32' ? Math.fround(point) : point))
      const places = isBounded ? all.filter((x) => Math.abs(x) <= top) : all
      const found = onPlaces(places, arithmetic, (x) => {
        const { below, lo, hi, above } = format.grid.around(x, isBounded)
        return { below, lo, hi, above }
      })
      for (const [i, x] of places.entries()) {
        for (const [name, value] of Object.entries(neighbours(points, x)))
          if (found[name]![i] !== value)
            return {
              input: `x = ${x}${isBounded ? ', bounded' : ''}`,
              found: `the list says that ${name} is ${value}, it is ${found[name]![i]} in ${arithmetic}`,
            }
      }
    }
    return undefined
  },
}

const cells: Law<NumberFormat> = {
  name: 'cells',
  sentence:
    'A cell that a grid gives is that of its neighbours: their distance, and the distance of x from one of them, within it if the cell says so.',
  refute: (format) => {
    const { grid } = format
    const top = grid.points.at(-1)!
    // The offset of a large x is exact up to a rounding; beyond the ends x is not bounded.
    const places = placesAmong(format)
    for (const [arithmetic, isBounded] of ways) {
      const asked = isBounded ? places.filter((x) => Math.abs(x) <= top) : places
      let isInside = false
      const { lo, hi, offset, gap } = onPlaces(asked, arithmetic, (x) => {
        const { lo, hi, cell } = grid.around(x, isBounded)
        isInside = cell?.isInside ?? false
        return { lo, hi, offset: cell?.offset ?? x.sub(lo), gap: cell?.gap ?? hi.sub(lo) }
      })
      for (const [i, x] of asked.entries()) {
        const near = [x - lo![i]!, hi![i]! - x].map((distance) => Math.abs(distance - offset![i]!))
        const size = Math.max(...[x, lo![i]!, hi![i]!].map(Math.abs))
        const isEnd = Math.min(...near) <= 4 * roundingOf(arithmetic) * size
        const isWithin = offset![i]! >= 0 && offset![i]! <= gap![i]!
        const width = hi![i]! - lo![i]!
        const isGap = gap![i] === (arithmetic === 'f32' ? Math.fround(width) : width)
        if (!isGap || !isEnd || (isInside && !isWithin))
          return {
            input: `x = ${x}${isBounded ? ', bounded' : ''}`,
            found: `the cell has offset ${offset![i]} and gap ${gap![i]} between ${lo![i]} and ${hi![i]} in ${arithmetic}`,
          }
      }
    }
    return undefined
  },
}

const ties: Law<NumberFormat> = {
  name: 'ties',
  sentence:
    'On a tie nearest rounding goes to one of the two neighbours, and of neighbouring points every other one is even.',
  refute: ({ grid }) => {
    const top = endsOf(grid.points)[1]
    for (const [arithmetic, isBounded] of ways) {
      // Below −top a bounded x does not come.
      const all = grid.points.filter((point) => !isBounded || point >= -top)
      const middles = all.slice(1).map((hi, k) => (all[k]! + hi) / 2)
      // A middle that f32 has to round is no tie there.
      if (arithmetic === 'f32' && middles.some((x) => Math.fround(x) !== x)) continue
      const { q } = onPlaces(middles, arithmetic, (x) => ({ q: nearestPoint(grid.around(x, isBounded)) }))
      const up = Array.from(q!, (value, k) => value === all[k + 1]!)
      const told = isBounded ? ', bounded' : ''
      const stray = middles.findIndex((_, k) => !up[k] && q![k] !== all[k]!)
      if (stray >= 0)
        return {
          input: `x = ${middles[stray]}${told}`,
          found: `it is rounded to ${q![stray]} in ${arithmetic}`,
        }
      // A point that its left cell rounds up to is even, so its right cell rounds down to it.
      const same = middles.findIndex((_, k) => k > 0 && up[k] === up[k - 1])
      if (same > 0)
        return {
          input: `x = ${middles[same - 1]} and x = ${middles[same]}${told}`,
          found: `ties go to ${q![same - 1]} and to ${q![same]} in ${arithmetic}`,
        }
    }
    return undefined
  },
}

/** What the grid of every format is held to. */
export const gridLaws: readonly Law<NumberFormat>[] = Object.freeze([points, around, cells, ties])
