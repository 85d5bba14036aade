// Grid: the 4-bit float E2M1, 0 ½ 1 1½ 2 3 4 6 and their negatives. Comes in: nothing. Goes out: a grid.
// Source: OCP Microscaling Formats v1.0, section 5.3.3.

import type { Grid, Lane } from '@lotion/core'

const MAGNITUDES = [0, 0.5, 1, 1.5, 2, 3, 4, 6] as const
const TOP = 6

/** Distance to the next larger magnitude: ½ below 2, 1 below 4, then 2. Exact, without a chain of selects. */
function spacing(magnitude: Lane): Lane {
  return magnitude.div(2).floor().max(0.5).min(2)
}

/** The grid of E2M1; piecewise uniform, so its neighbours follow from one exact division. */
export const e2m1Grid: Grid = Object.freeze({
  name: 'e2m1',
  points: Object.freeze([
    ...MAGNITUDES.slice(1)
      .map((m) => -m)
      .reverse(),
    ...MAGNITUDES,
  ]),
  around: (x) => {
    const m = x.abs().min(TOP)
    const gap = spacing(m)
    const code = m.div(gap).floor()
    const near = code.mul(gap)
    const far = near.less(m, near.add(gap), near)
    const beyond = far.add(spacing(far)).min(TOP)
    // Any magnitude between the point before `near` and `near` tells their distance; ¼ is half the smallest.
    const before = near.sub(spacing(near.sub(0.25)))
    const half = code.div(2)
    const even = half.floor().less(half, far, near)
    const signed = (positive: Lane, negative: Lane): Lane => x.less(0, negative.mul(-1), positive)
    return {
      x,
      lo: signed(near, far),
      hi: signed(far, near),
      below: signed(before, beyond),
      above: signed(beyond, before),
      even: signed(even, even),
    }
  },
} satisfies Grid)
