// Grids that laws are tried on, and where on them. Comes in: points. Goes out: grids, inputs from simple to
// awkward.
// Source: the contract `Grid` of @lotion/core; neighbours by comparison with every point, the slow and
// obvious way.

import type { Grid, Lane } from '@lotion/core'

/**
 * Make a grid from its points, ascending: neighbours by a chain of comparisons.
 * @param name Stands in error messages.
 * @param points At least 2, ascending, in scaled units.
 * @experimental
 */
export function gridOf(name: string, points: readonly number[]): Grid {
  const last = points.length - 1
  const at = (index: number): number => points[Math.min(Math.max(index, 0), last)]!
  const zero = Math.max(points.indexOf(0), 0)
  /** The value for the largest point ≤ x, the first point's if there is none. */
  const upTo = (x: Lane, value: (index: number) => number): Lane =>
    points.reduce<Lane>((found, point, k) => x.less(point, found, value(k)), constant(x, value(0)))
  /** The value for the smallest point ≥ x, the last point's if there is none. */
  const from = (x: Lane, value: (index: number) => number): Lane =>
    points.reduceRight<Lane>(
      (found, point, k) => x.mul(-1).less(-point, found, value(k)),
      constant(x, value(last)),
    )
  return Object.freeze({
    name,
    points: Object.freeze([...points]),
    around: (x) => {
      const [lo, hi] = [upTo(x, at), from(x, at)]
      const code = upTo(x, (k) => Math.abs(k - zero) % 2)
      return {
        x,
        lo,
        hi,
        below: upTo(x, (k) => at(k - 1)),
        above: from(x, (k) => at(k + 1)),
        even: code.less(1, lo, hi),
      }
    },
  } satisfies Grid)
}

/** A literal as a lane of x's formula, whatever x is. */
function constant(x: Lane, value: number): Lane {
  return x.less(x, 0, 0).add(value)
}

/**
 * The grids every noise is tried on: few points first, then uniform, by binades, irregular, asymmetric.
 * @experimental
 */
export const probeGrids: readonly Grid[] = Object.freeze([
  gridOf('ternary', [-1, 0, 1]),
  gridOf('integers to 3', [-3, -2, -1, 0, 1, 2, 3]),
  gridOf('E2M1', [-6, -4, -3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 4, 6]),
  gridOf('irregular', [-1, -0.625, -0.25, 0, 0.125, 0.5, 1.5]),
])

/** Shares of a cell at which laws are tried. */
const cellShares = [0.5, 0.25, 0.75, 0.125, 0.875, 0.3, 0.9, 0.01, 0.999, 2 ** -20, 1 - 2 ** -20] as const

/** Every point and places in every cell, simplest first; then places beyond the ends. */
export function placesOn({ points }: Grid): readonly number[] {
  const [bottom, top] = endsOf(points)
  const inside = points
    .slice(1)
    .flatMap((hi, k) => cellShares.map((share) => points[k]! + share * (hi - points[k]!)))
  const beyond = [top + 0.5, 2 * top, bottom - 0.5, 2 * bottom, 1e6, -1e6]
  return [...simplest([...points, ...inside]), ...beyond]
}

/** Order numbers as a person would: few digits first, then small, then positive. */
export function simplest(values: readonly number[]): readonly number[] {
  const digits = (value: number): number => String(Math.abs(value)).length
  return [...new Set(values)].sort((a, b) => digits(a) - digits(b) || Math.abs(a) - Math.abs(b) || b - a)
}

/** The first and the last point. */
export function endsOf(points: readonly number[]): readonly [number, number] {
  return [points[0]!, points.at(-1)!]
}
