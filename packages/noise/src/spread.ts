// Noise: randomized rounding, then a step to the next ring of grid points. Comes in: a site. Goes out: law,
// variance.
// Source: docs/design/05-smooth-noises.md: the composition of two martingale steps on the grid.

import { defineFamily, type Noise } from '@lotion/core'
import { defineNoise } from './define-noise.js'

/**
 * Round to lo or hi without bias, then with probability `share` move on to one of the two grid points beside
 * that one, again without bias; the ends stay where they are. Unbiased, on the grid, continuous; wider than
 * the paper's noise: the variance grows by share · the mean of (g − before)(after − g) over the points g it
 * is rounded to.
 * @param share Probability of moving on, above 0, at most 1.
 * @throws RangeError unless 0 < share ≤ 1.
 * @example
 * ```ts
 * import { defineLanes, evaluate } from '@lotion/core'
 * import { int4 } from '@lotion/formats'
 * import { spread } from '@lotion/noise'
 *
 * const noise = spread(0.5)
 * const fn = defineLanes({
 *   name: noise.name,
 *   inputs: ['x', 'u'],
 *   outputs: ['q'],
 *   body: ({ x, u }) => ({ q: noise.sample(int4.grid.around(x), u) }),
 * })
 * console.log(evaluate([{ fn, inputs: { x: [2.25], u: [0.9] } }]))
 * ```
 */
export function spread(share = 0.5): Noise {
  if (!(share > 0 && share <= 1)) throw new RangeError(`share: expected a number in (0, 1], found ${share}`)
  return defineNoise({
    name: `spread(${share})`,
    claims: { unbiased: true, continuous: true, preserving: false, onGrid: true, smooth: false },
    atoms: ({ x, below, lo, hi, above }) => {
      const up = x.sub(lo).div(hi.sub(lo))
      const down = up.mul(-1).add(1)
      // From lo to below or hi, from hi to lo or above: the chance of the upper one is its distance rule.
      const fromLo = lo.sub(below).div(hi.sub(below))
      const fromHi = hi.sub(lo).div(above.sub(lo))
      const stay = 1 - share
      return [
        { value: below, mass: down.mul(share).mul(fromLo.mul(-1).add(1)) },
        { value: lo, mass: down.mul(stay).add(up.mul(share).mul(fromHi.mul(-1).add(1))) },
        { value: hi, mass: up.mul(stay).add(down.mul(share).mul(fromLo)) },
        { value: above, mass: up.mul(share).mul(fromHi) },
      ]
    },
  })
}

/** The noises of `spread`, by the share that moves on. */
export const spreadFamily = defineFamily({
  name: 'spread',
  numbers: { share: { default: 0.5, above: 0, max: 1 } },
  make: ({ share }) => spread(share),
  examples: [{ share: 1 }],
})
