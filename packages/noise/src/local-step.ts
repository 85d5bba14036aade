// The grid's spacing where x stands, as a smooth function of x. Comes in: a site. Goes out: a lane.
// Source: docs/design/05-smooth-noises.md (off-grid laws).

import type { Lane, Site } from '@lotion/core'

/**
 * Where x stands, between the ends of the grid, and how far apart the grid's points are there.
 * @experimental
 */
export interface LocalStep {
  /** x, or the end that it is beyond. */
  readonly centre: Lane
  /** The spacing of the points there, above 0, in scaled units. */
  readonly step: Lane
}

/**
 * Measure the grid's spacing at x: at a grid point the mean of the gaps on its two sides (at an end the one
 * gap there is), between two points along a cubic with slope 0 at both. On a uniform grid it is the gap.
 * @param site x and its neighbours.
 * @experimental
 */
export function localStep({ x, below, lo, hi, above }: Site): LocalStep {
  // On a grid point lo = hi: the curve starts and ends in that point.
  const inside = (yes: Lane, no: Lane): Lane => lo.less(hi, yes, no)
  const before = inside(lo, below)
  const after = inside(hi, above)
  const left = meanGap(below, lo, after)
  const right = meanGap(before, hi, above)
  const t = x
    .sub(lo)
    .div(inside(hi.sub(lo), lo.sub(lo).add(1)))
    .max(0)
    .min(1)
  const blend = t.mul(t).mul(t.mul(-2).add(3))
  return { centre: x.max(lo).min(hi), step: left.add(right.sub(left).mul(blend)) }
}

/** Mean of the gaps beside a point; the other one where the point is an end. */
function meanGap(before: Lane, point: Lane, after: Lane): Lane {
  const half = after.sub(before).mul(0.5)
  return before.less(point, point.less(after, half, point.sub(before)), after.sub(point))
}
