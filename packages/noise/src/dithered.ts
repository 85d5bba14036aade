// Noise: randomized rounding of a shaken weight. Comes in: a site. Goes out: law, variance, sample.
// Source: docs/design/05-smooth-noises.md, statement 3: unbiased, on the grid and smooth, preserving up to
// O(width).

import { defineFamily, type Lane, type Noise, type Operand, type Site } from '@lotion/core'
import { defineNoise } from './define-noise.js'

/** The noises of `dithered`, by their width from 0 to 1. */
export const ditheredFamily = defineFamily({
  name: 'dithered',
  numbers: { width: { default: 1, min: 0, max: 1 } },
  make: ({ width }) => dithered(width),
  examples: [{ width: 0 }, { width: 0.3 }],
})

/** How far the shake reaches, and how much of it crosses the cell's ends. */
interface Shake {
  /** (mean excess over hi) / 2 for a uniform shake: excess² / 4r. */
  readonly over: Lane
  /** The same under lo. */
  readonly under: Lane
}

/**
 * Round x + r v without bias, v uniform on (−1, 1). The reach r is width / 2 of the smaller gap at every grid
 * point, 0 at the ends, and runs smoothly between, so that x + r v never leaves the grid. Variance
 * (x − lo)(hi − x) + [(above − lo) a² + (hi − below) b²] / 4r, a = max(0, x + r − hi), b = max(0, lo − x +
 * r): smooth, at a grid point of a uniform grid with gap h it is width · h² / 4, and for width 0 it is
 * randomized rounding. `width` may be a lane (a value a call), so that a schedule can lower it to 0.
 * @param width From 0, where only the two neighbours are drawn, to 1, or a lane of one such value a call.
 * @throws RangeError if it is a number outside 0 ≤ width ≤ 1.
 * @example
 * ```ts
 * import { defineLanes, evaluate } from '@lotion/core'
 * import { int4 } from '@lotion/formats'
 * import { dithered } from '@lotion/noise'
 *
 * const noise = dithered(0.5)
 * const fn = defineLanes({
 *   name: noise.name,
 *   inputs: ['x', 'u'],
 *   outputs: ['q'],
 *   body: ({ x, u }) => ({ q: noise.sample(int4.grid.around(x), u) }),
 * })
 * console.log(evaluate([{ fn, inputs: { x: [2.25], u: [0.9] } }]))
 * ```
 */
export function dithered(width: Operand): Noise {
  if (typeof width === 'number' && !(width >= 0 && width <= 1))
    throw new RangeError(`width: expected a number from 0 to 1, in gaps of the grid, found ${width}`)
  const still = width === 0
  return defineNoise({
    name: typeof width === 'number' ? `dithered(${width})` : 'dithered',
    claims: { unbiased: true, continuous: true, preserving: still, onGrid: true, smooth: !still },
    atoms: (at) => {
      const { x, below, lo, hi, above } = at
      const { over, under } = shake(at, width)
      const gap = hi.sub(lo)
      const up = x.sub(lo).div(gap)
      // What crosses hi is rounded between hi and above instead: a straight line bent at hi, and the same at
      // lo.
      const overOut = over.div(filled(hi, above))
      const overIn = over.div(gap)
      const underOut = under.div(filled(below, lo))
      const underIn = under.div(gap)
      return [
        { value: below, mass: underOut },
        { value: lo, mass: up.mul(-1).add(1).add(overIn).sub(underOut.add(underIn)) },
        { value: hi, mass: up.add(underIn).sub(overOut.add(overIn)) },
        { value: above, mass: overOut },
      ]
    },
    // Written so that it holds for lo = hi as well: on a grid point both sides are crossed, each into its own
    // cell.
    variance: (at) => {
      const { x, below, lo, hi, above } = at
      const { over, under } = shake(at, width)
      return x
        .sub(lo)
        .mul(hi.sub(x))
        .abs()
        .add(over.mul(above.sub(lo)))
        .add(under.mul(hi.sub(below)))
    },
  })
}

function shake({ x, below, lo, hi, above }: Site, width: Operand): Shake {
  const before = lo.less(hi, lo, below)
  const after = lo.less(hi, hi, above)
  const left = lo.sub(below).min(after.sub(lo))
  const right = hi.sub(before).min(above.sub(hi))
  const t = x.sub(lo).div(filled(lo, hi)).max(0).min(1)
  const blend = t.mul(t).mul(t.mul(-2).add(3))
  const reach = left.add(right.sub(left).mul(blend)).mul(width).mul(0.5)
  // Without reach nothing is crossed; any divisor will do.
  const divisor = reach.less(1e-30, 1e-30, reach).mul(4)
  // The difference first: at a grid point it is exactly 0, and the excess exactly the reach.
  const over = x.sub(hi).add(reach).max(0).min(reach)
  const under = lo.sub(x).add(reach).max(0).min(reach)
  return { over: over.mul(over).div(divisor), under: under.mul(under).div(divisor) }
}

/** The distance of two points, or 1 where they are one: a divisor for what is 0 there. */
function filled(from: Lane, to: Lane): Lane {
  return from.less(to, to.sub(from), 1)
}
