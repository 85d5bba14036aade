import { defineNoise } from '@lotion/noise'

// Claims to be unbiased; rounds up with probability t² instead of t.
export const drifting = defineNoise({
  name: 'drifting',
  claims: { unbiased: true, continuous: true, preserving: true, onGrid: true, smooth: false },
  atoms: ({ x, lo, hi }) => {
    const t = x.sub(lo).div(hi.sub(lo))
    return [
      { value: lo, mass: t.mul(t).mul(-1).add(1) },
      { value: hi, mass: t.mul(t) },
    ]
  },
})
