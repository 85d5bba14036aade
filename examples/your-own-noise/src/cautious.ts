// A noise between two known ones: half randomized rounding, half a law that is flat at grid points.
import { defineNoise } from '@lotion/noise'

/**
 * P(hi) = (t + t² (3 − 2t)) / 2, t = (x − lo) / (hi − lo). It stays on the grid and keeps grid points where
 * they are; its kink there is half of randomized rounding's, paid for by a bias of up to √3 / 36 of the cell.
 */
export const cautious = defineNoise({
  name: 'cautious',
  claims: { unbiased: false, continuous: true, preserving: true, onGrid: true, smooth: false },
  atoms: ({ x, lo, hi }) => {
    const t = x.sub(lo).div(hi.sub(lo))
    const flat = t.mul(t).mul(t.mul(-2).add(3))
    const up = t.add(flat).div(2)
    return [
      { value: lo, mass: up.mul(-1).add(1) },
      { value: hi, mass: up },
    ]
  },
})
