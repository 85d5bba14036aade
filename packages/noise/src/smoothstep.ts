// Noise: rounding whose chances have slope 0 on the grid. Comes in: a site. Goes out: law, variance, sample.
// Source: docs/design/05-smooth-noises.md, statement 2: preserving and smooth, hence biased.

import { defineNoise } from './define-noise.js'

/**
 * P(hi) = t² (3 − 2t), t = (x − lo) / (hi − lo). Its expected loss is smooth and has a critical point at
 * every grid point, so training can stop at any of them; E[q] differs from x by up to √3 / 18 (.096) of the
 * cell.
 */
export const smoothstep = defineNoise({
  name: 'smoothstep',
  claims: { unbiased: false, continuous: true, preserving: true, onGrid: true, smooth: true },
  atoms: ({ x, lo, hi }) => {
    const t = x.sub(lo).div(hi.sub(lo))
    const up = t.mul(t).mul(t.mul(-2).add(3))
    return [
      { value: lo, mass: up.mul(-1).add(1) },
      { value: hi, mass: up },
    ]
  },
})
