// Grid: any list of points. Comes in: a name and points. Goes out: a grid whose neighbours are found by
// comparisons.
// Source: docs/design/03-formats-and-methods.md; the fallback for grids without a formula.

import type { Grid, Lane } from '@lotion/core'

/**
 * Make a grid of points in ascending order, rounded to f32 so that f32 and f64 know the same grid. A
 * comparison and a choice a point: for grids of some dozen points. The parity of a code is its position
 * counted from 0 (or, without a 0, from the end before the first point).
 * @param name Stands in error messages.
 * @param values Two points or more in ascending order, in scaled units.
 * @throws RangeError unless there are at least 2 points, finite, ascending and different in f32.
 * @example
 * ```ts
 * import { defineFormat, gridFromPoints } from '@lotion/formats'
 *
 * const uneven = defineFormat({ name: 'uneven', grid: gridFromPoints('uneven', [-3, -1, -0.25, 0, 0.5, 2]) })
 * console.log(uneven.grid.points)
 * ```
 */
export function gridFromPoints(name: string, values: readonly number[]): Grid {
  const points = Object.freeze(values.map((value) => Math.fround(value) + 0))
  const bad = points.findIndex((point, i) => !Number.isFinite(point) || !(i === 0 || points[i - 1]! < point))
  if (bad >= 0 || points.length < 2) {
    throw new RangeError(
      `${name}: points: expected at least 2 finite numbers, ascending and different in f32, found ` +
        (bad >= 0 ? `${values[bad]} at position ${bad}` : `${points.length}`),
    )
  }
  const last = points.length - 1
  const zero = points.indexOf(0)
  const evens = points.map((_, i) => ((i - zero) % 2 === 0 ? i : i + 1))
  return Object.freeze({
    name,
    points,
    around: (x) => {
      const inside = x.max(points[0]!).min(points[last]!)
      // NaN for NaN, else 0: a choice by comparison alone would hide a NaN.
      const sign = inside.sub(inside)
      const at = (index: (i: number) => number): Lane => {
        const value = (i: number): number => points[Math.min(Math.max(index(i), 0), last)]!
        const found = points.slice(1).reduce<Lane | number>((chosen, point, i) => {
          return typeof chosen === 'number' && chosen === value(i + 1)
            ? chosen
            : inside.less(point, chosen, value(i + 1))
        }, value(0))
        return sign.add(found)
      }
      const lo = at((i) => i)
      const onPoint = (exact: Lane, between: Lane): Lane => lo.less(inside, between, exact)
      return {
        x,
        lo,
        hi: onPoint(
          lo,
          at((i) => i + 1),
        ),
        below: at((i) => i - 1),
        above: onPoint(
          at((i) => i + 1),
          at((i) => i + 2),
        ),
        even: onPoint(
          lo,
          at((i) => evens[i]!),
        ),
      }
    },
  } satisfies Grid)
}
