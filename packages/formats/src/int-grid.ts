// Grid: the symmetric integers −top … top. Comes in: a number of bits. Goes out: a grid.
// Source: LOTION (symmetric integer quantization); DESIGN: codes −7 … 7 for 4 bits.

import type { Grid } from '@lotion/core'
import { wholeNumbers } from './whole-numbers.js'

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
  return wholeNumbers(`int${bits}`, -top, top)
}
