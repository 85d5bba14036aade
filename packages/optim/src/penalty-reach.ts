// How far a step of the penalty may carry a weight. Comes in: the penalty's slope, where the weight stands,
// the step size. Goes out: a slope that is no larger.
// Source: measured, docs/design/03-formats-and-methods.md (bound of the penalty).

import type { Lane, Located } from '@lotion/core'

/**
 * Shorten a slope so that a step along it ends at the nearest grid point at the latest; from a grid point,
 * and of the block's largest weight, after a quarter of the cells around it. A scale that is rounded up
 * leaves the largest just inside the grid's last point, and it carries the slope of the whole block's scale.
 * In units of the gradient, as `slope`.
 * @param slope That of the penalty.
 * @param w The weight.
 * @param at Where it stands.
 * @param stepSize What a gradient is multiplied by, at least 0.
 */
export function withinCell(slope: Lane, w: Lane, { site, scale, statistics }: Located, stepSize: Lane): Lane {
  const { x, lo, hi, below, above } = site
  const near = x.sub(lo).min(hi.sub(x))
  const [largest] = statistics
  const inside = largest ? w.abs().less(largest, near, near.max(hi.sub(lo).mul(0.25))) : near
  const most = near.mul(-1).less(0, inside, above.sub(below).mul(0.25)).mul(scale.abs())
  const move = slope.abs().mul(stepSize)
  // A step of 0 moves nothing: there is nothing to divide by.
  return most.less(move, slope.mul(most.div(move)), slope)
}
