// Grid: whole numbers from one to another. Comes in: the two. Goes out: a grid.
// Source: as what it is for: int-grid.ts, q4-0-full.ts.

import type { Grid } from '@lotion/core'

/** The whole numbers from `bottom` to `top`, both included, −128 to 127 at most. */
export function wholeNumbers(name: string, bottom: number, top: number): Grid {
  return Object.freeze({
    name,
    points: Object.freeze(Array.from({ length: top - bottom + 1 }, (_, code) => code + bottom)),
    around: (x, isBounded = false) => {
      const inside = isBounded ? x : x.min(top).max(bottom)
      const floor = inside.floor()
      const gap = floor.less(inside, 1, 0)
      // Clipped once more: an executor whose division is not exact may be some bits above the top.
      const lo = floor.min(top).max(bottom)
      const hi = lo.add(gap).min(top)
      const half = lo.div(2)
      return {
        x,
        lo,
        hi,
        below: lo.sub(1).max(bottom),
        above: hi.add(1).min(top),
        even: half.floor().less(half, hi, lo),
        cell: { offset: x.sub(floor), gap, isInside: isBounded },
      }
    },
  } satisfies Grid)
}
