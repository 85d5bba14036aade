// Laws of number formats: the list of points is the truth, the scale rule keeps what it claims, casting twice changes nothing.
// Comes in: a format. Goes out: counterexamples. Source: the contracts `Grid`, `ScaleRule`; docs/design/03-formats-and-methods.md.

import { nearestPoint, type NumberFormat } from '@lotion/core'
import {
  castOf,
  jumpOf,
  largestOf,
  onBlocks,
  onPlaces,
  probeBlocks,
  type ProbeBlocks,
} from './block-values.js'
import { shown, type Counterexample, type Law } from './law.js'
import { endsOf, simplest } from './probe-grids.js'

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
    '`around` finds the neighbours that a search through the list of points finds, in f64 and in f32.',
  refute: (format) => {
    const places = placesAmong(format)
    for (const arithmetic of ['f64', 'f32'] as const) {
      const found = onPlaces(places, arithmetic, (x) => {
        const { below, lo, hi, above } = format.grid.around(x)
        return { below, lo, hi, above }
      })
      for (const [i, x] of places.entries()) {
        const expected = neighbours(
          format.grid.points.map((point) => (arithmetic === 'f32' ? Math.fround(point) : point)),
          x,
        )
        for (const [name, value] of Object.entries(expected))
          if (found[name]![i] !== value && !(found[name]![i] === 0 && value === 0))
            return {
              input: `x = ${x}`,
              found: `${name} is ${found[name]![i]} in ${arithmetic}, the list says ${value}`,
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
    // In f64 the offset of a large x is exact up to a rounding; beyond the ends x is not bounded.
    const places = placesAmong(format)
    for (const isBounded of [false, true]) {
      const asked = isBounded ? places.filter((x) => Math.abs(x) <= top) : places
      let isInside = false
      const { lo, hi, offset, gap } = onPlaces(asked, 'f64', (x) => {
        const { lo, hi, cell } = grid.around(x, isBounded)
        isInside = cell?.isInside ?? false
        return { lo, hi, offset: cell?.offset ?? x.sub(lo), gap: cell?.gap ?? hi.sub(lo) }
      })
      for (const [i, x] of asked.entries()) {
        const near = [x - lo![i]!, hi![i]! - x].map((distance) => Math.abs(distance - offset![i]!))
        const isEnd = Math.min(...near) <= 1e-12 * Math.abs(x)
        const isWithin = offset![i]! >= 0 && offset![i]! <= gap![i]!
        if (gap![i] !== hi![i]! - lo![i]! || !isEnd || (isInside && !isWithin))
          return {
            input: `x = ${x}${isBounded ? ', bounded' : ''}`,
            found: `the cell has offset ${offset![i]} and gap ${gap![i]} between ${lo![i]} and ${hi![i]}`,
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
    const all = grid.points
    const middles = all.slice(1).map((hi, k) => (all[k]! + hi) / 2)
    const { q } = onPlaces(middles, 'f64', (x) => ({ q: nearestPoint(grid.around(x)) }))
    const up = Array.from(q!, (value, k) => value === all[k + 1]!)
    const stray = middles.findIndex((_, k) => !up[k] && q![k] !== all[k]!)
    if (stray >= 0) return { input: `x = ${middles[stray]}`, found: `it is rounded to ${q![stray]}` }
    // A point that its left cell rounds up to is even, so its right cell rounds down to it.
    const same = middles.findIndex((_, k) => k > 0 && up[k] === up[k - 1])
    if (same > 0)
      return {
        input: `x = ${middles[same - 1]} and x = ${middles[same]}`,
        found: `ties go to ${q![same - 1]} and to ${q![same]}`,
      }
    return undefined
  },
}

/** Run over every kind of block until one breaks the law. */
function onEach(
  format: NumberFormat,
  at: (blocks: ProbeBlocks) => Counterexample | undefined,
  { extremes = false } = {},
): Counterexample | undefined {
  for (const blocks of probeBlocks(format).filter(({ extreme }) => extremes || !extreme)) {
    const found = at(blocks)
    if (found) return { ...found, input: `${blocks.name}, ${found.input}` }
  }
  return undefined
}

const scaling: Law<NumberFormat> = {
  name: 'scale',
  sentence:
    'x and the scale are finite, the scale is not negative, and x · scale is the weight; also in blocks of zeros and of tiny weights.',
  refute: (format) =>
    onEach(
      format,
      (blocks) => {
        const { x, scale } = onBlocks(format, blocks, 'f32', ({ site, scale }) => ({ x: site.x, scale }))
        // A scale that underflows makes a block of zeros: the least normal number is the allowance.
        for (const [i, w] of blocks.w.entries()) {
          const [value, unit] = [x![i]!, scale![i]!]
          const input = `w = ${w}`
          if (!Number.isFinite(value) || !(unit >= 0 && unit < Infinity))
            return { input, found: `x is ${value}, the scale ${unit}` }
          if (Math.abs(value * unit - w) > 1e-5 * Math.abs(w) + 2 ** -120)
            return { input, found: `x · scale is ${shown(value * unit)}` }
        }
        return undefined
      },
      { extremes: true },
    ),
}

const zeros: Law<NumberFormat> = {
  name: 'zeros',
  sentence: 'A weight of 0 is cast to 0, in a block of zeros too.',
  applies: ({ grid }) => grid.points.includes(0),
  refute: (format) =>
    onEach(
      format,
      (blocks) => {
        const cast = castOf(format, blocks, 'f32')
        const i = blocks.w.findIndex((w, k) => w === 0 && cast[k] !== 0)
        return i < 0 ? undefined : { input: 'w = 0', found: `its cast is ${cast[i]}` }
      },
      { extremes: true },
    ),
}

const inside: Law<NumberFormat> = {
  name: 'range',
  sentence: 'No scaled weight lies beyond the ends of the grid.',
  claim: 'never saturates',
  claimed: ({ scale }) => !scale.claims.saturates,
  refute: (format) =>
    onEach(format, (blocks) => {
      const [bottom, top] = endsOf(format.grid.points)
      const { x } = onBlocks(format, blocks, 'f32', ({ site }) => ({ x: site.x }))
      const i = x!.findIndex((value) => value > Math.fround(top) || value < Math.fround(bottom))
      return i < 0
        ? undefined
        : {
            input: `w = ${blocks.w[i]}`,
            found: `x is ${shown(x![i]!)}, the grid ends at ${x![i]! > 0 ? top : bottom}`,
          }
    }),
}

const steady: Law<NumberFormat> = {
  name: 'scale without jumps',
  sentence: 'The scale is continuous in the weights.',
  claim: 'continuous',
  claimed: ({ scale }) => scale.claims.continuous,
  refute: (format) => {
    const jump = jumpOf(format, ({ scale }) => scale)
    return (
      jump && {
        input: `a block's largest weight near ${shown(jump.at)}`,
        found: `the scale goes from ${shown(jump.from)} to ${shown(jump.to)}`,
      }
    )
  },
}

const twice: Law<NumberFormat> = {
  name: 'casting twice',
  sentence: 'A cast weight is representable: casting again moves it by no more than a rounding of the scale.',
  refute: (format) =>
    onEach(format, (blocks) => {
      const once = castOf(format, blocks, 'f64')
      const again = castOf(format, { ...blocks, w: once }, 'f64')
      const size = largestOf(once)
      const i = once.findIndex((w, k) => Math.abs(again[k]! - w) > 1e-6 * size)
      return i < 0
        ? undefined
        : {
            input: `w = ${blocks.w[i]}`,
            found: `it is cast to ${shown(once[i]!)}, and that to ${shown(again[i]!)}`,
          }
    }),
}

/** What every format is held to. */
export const formatLaws: readonly Law<NumberFormat>[] = Object.freeze([
  points,
  around,
  cells,
  ties,
  scaling,
  zeros,
  inside,
  steady,
  twice,
])
