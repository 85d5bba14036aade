// Grid: the finite values of a minifloat. Comes in: a record. Goes out: a grid, by one formula for all.
// Source: IEEE 754-2019, section 3.4; docs/design/03-formats-and-methods.md (exact binades).

import type { Grid, Lane } from '@lotion/core'
import { largestOf, magnitudesOf, spacingAt, type Minifloat } from './minifloat.js'

/**
 * Make the grid of a minifloat of at most 8 bits. Between powers of two the points are uniform: one exact
 * division by the spacing, which is a power of two, finds the neighbours.
 * @param float At most 8 bits, sign included.
 * @example
 * ```ts
 * import { e2m3, minifloatGrid } from '@lotion/formats'
 *
 * console.log(minifloatGrid(e2m3).points.length)
 * ```
 */
export function minifloatGrid(float: Minifloat): Grid {
  const magnitudes = magnitudesOf(float)
  const top = largestOf(float)
  const smallerBinade = 1 - 2 ** -(float.mantissaBits + 2)
  return Object.freeze({
    name: float.name,
    points: Object.freeze([
      ...magnitudes
        .slice(1)
        .map((m) => -m)
        .reverse(),
      ...magnitudes,
    ]),
    around: (x, isBounded = false) => {
      const magnitude = x.abs()
      const m = isBounded ? magnitude : magnitude.min(top)
      const spacing = spacingAt(float, m)
      const code = m.div(spacing).floor()
      const near = code.mul(spacing)
      const gap = near.less(m, spacing, 0)
      // An executor whose division is not exact may be some bits above the top, where no cell is.
      const far = isBounded ? near.add(gap).min(top) : near.add(gap)
      const beyond = far.add(spacingAt(float, far)).min(top)
      // A quarter of a step below `near` is exact, and in the binade whose spacing leads down from `near`.
      const before = near.sub(spacingAt(float, near.mul(smallerBinade)))
      const even = float.mantissaBits > 0 ? evenOf(code, near, far) : evenPower(float, near, far)
      const signed = (positive: Lane, negative: Lane): Lane => x.less(0, negative.mul(-1), positive)
      return {
        x,
        lo: signed(near, far),
        hi: signed(far, near),
        below: signed(before, beyond),
        above: signed(beyond, before),
        even: signed(even, even),
        cell: { offset: magnitude.sub(near), gap, isInside: isBounded },
      }
    },
  } satisfies Grid)
}

/** The neighbour with an even code: within a binade the count of steps has the code's parity. */
function evenOf(code: Lane, near: Lane, far: Lane): Lane {
  const half = code.div(2)
  return half.floor().less(half, far, near)
}

/** Without a mantissa the parity is that of exponent + bias: a power of two is a square if it is even. */
function evenPower({ bias }: Minifloat, near: Lane, far: Lane): Lane {
  const root = near.sqrt().binade()
  const [evenExponent, oddExponent] = bias % 2 === 0 ? [near, far] : [far, near]
  // 0 has code 0.
  return near.less(2 ** -bias, near, root.mul(root).less(near, oddExponent, evenExponent))
}
