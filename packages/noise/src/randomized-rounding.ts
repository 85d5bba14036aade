// Noise: unbiased randomized rounding to the two neighbours. Comes in: a site. Goes out: law, variance,
// sample.
// Source: LOTION (arXiv 2510.08757): P(hi) = (x − lo) / (hi − lo), Var = (x − lo)(hi − x).

import { defineNoise } from './define-noise.js'

/** The paper's noise: the only unbiased law on the two nearest grid points. */
export const randomizedRounding = defineNoise({
  name: 'randomized-rounding',
  claims: { unbiased: true, continuous: true, preserving: true, onGrid: true, smooth: false },
  atoms: ({ x, lo, hi }) => {
    const up = x.sub(lo).div(hi.sub(lo))
    return [
      { value: lo, mass: up.mul(-1).add(1) },
      { value: hi, mass: up },
    ]
  },
  // The closed form spares a division a weight, and does not ask which of the cell's ends is which. Beyond
  // the ends, where lo = hi, the product is minus the squared clipping error: its magnitude is right
  // everywhere, and so is its slope.
  variance: ({ x, lo, hi, cell }) => {
    if (!cell) return x.sub(lo).mul(hi.sub(x)).abs()
    const product = cell.offset.mul(cell.gap.sub(cell.offset))
    return cell.isInside ? product : product.abs()
  },
})
