// Grid: the symmetric integers −top … top. Comes in: a number of bits. Goes out: a grid.
// Source: LOTION (symmetric integer quantization); DESIGN: codes −7 … 7 for 4 bits.

import type { Grid } from '@lotion/core'

/**
 * Make the grid of symmetric integers of `bits` bits: top = 2^(bits − 1) − 1.
 * @param bits 2 to 8, the sign included.
 * @throws RangeError unless 2 ≤ bits ≤ 8.
 * @example
 * ```ts
 * import { intGrid } from '@lotion/formats'
 *
 * console.log(intGrid(3).points) // -3 … 3
 * ```
 */
export function intGrid(bits: number): Grid {
  if (!Number.isInteger(bits) || bits < 2 || bits > 8) {
    throw new RangeError(`bits: expected a whole number from 2 to 8, found ${bits}`)
  }
  const top = 2 ** (bits - 1) - 1
  return Object.freeze({
    name: `int${bits}`,
    points: Object.freeze(Array.from({ length: 2 * top + 1 }, (_, code) => code - top)),
    around: (x, isBounded = false) => {
      const inside = isBounded ? x : x.min(top).max(-top)
      const floor = inside.floor()
      const gap = floor.less(inside, 1, 0)
      // Clipped once more: an executor whose division is not exact may be some bits above the top.
      const lo = floor.min(top).max(-top)
      const hi = lo.add(gap).min(top)
      const half = lo.div(2)
      return {
        x,
        lo,
        hi,
        below: lo.sub(1).max(-top),
        above: hi.add(1).min(top),
        even: half.floor().less(half, hi, lo),
        cell: { offset: x.sub(floor), gap, isInside: isBounded },
      }
    },
  } satisfies Grid)
}
