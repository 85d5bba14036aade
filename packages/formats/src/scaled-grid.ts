// Grid: another one in other units. Comes in: a grid and a power of two. Goes out: a grid.
// Source: OCP Microscaling Formats v1.0, section 5.3.4 (integers in units of 2^-6).

import type { Grid, Site } from '@lotion/core'

/**
 * Multiply all points by a power of two, exactly.
 * @param grid Stays as it is.
 * @param unit A power of two above 0, such as 2 or 0.25.
 * @throws RangeError if `unit` is not a power of two.
 * @example
 * ```ts
 * import { scaledGrid, ternaryGrid } from '@lotion/formats'
 *
 * console.log(scaledGrid(ternaryGrid, 0.25).points) // -0.25, 0, 0.25
 * ```
 */
export function scaledGrid(grid: Grid, unit: number): Grid {
  if (!(unit > 0) || !Number.isInteger(Math.log2(unit)))
    throw new RangeError(`unit: expected a power of two, found ${unit}`)
  return Object.freeze({
    name: `${grid.name}·${unit}`,
    points: Object.freeze(grid.points.map((point) => point * unit)),
    around: (x, isBounded): Site => {
      const { below, lo, hi, above, even, cell } = grid.around(x.div(unit), isBounded)
      return {
        x,
        below: below.mul(unit),
        lo: lo.mul(unit),
        hi: hi.mul(unit),
        above: above.mul(unit),
        even: even.mul(unit),
        ...(cell ? { cell: { ...cell, offset: cell.offset.mul(unit), gap: cell.gap.mul(unit) } } : {}),
      }
    },
  } satisfies Grid)
}
