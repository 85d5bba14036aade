// Nearest rounding on any grid: the one deterministic choice between two neighbours.
// Comes in: a site. Goes out: a lane. Source: IEEE 754-2019 section 4.3.1; OCP MX v1.0 section 5.3.

import type { Lane } from './lanes/lane.js'
import type { Site } from './plugins.js'

/**
 * Choose the nearest grid point; a tie goes to the even code.
 * @param at x and its neighbours, as `Grid.around` finds them.
 */
export function nearestPoint(at: Site): Lane {
  const down = at.x.sub(at.lo)
  const up = at.hi.sub(at.x)
  return down.less(up, at.lo, up.less(down, at.hi, at.even))
}
