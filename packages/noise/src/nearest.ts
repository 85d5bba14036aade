// Noise: nearest rounding, ties to the even code; no randomness. Comes in: a site. Goes out: law, variance,
// sample.
// Source: IEEE 754-2019, section 4.3.1. It is biased and its expected loss is the staircase itself.

import { nearestPoint } from '@lotion/core'
import { defineNoise } from './define-noise.js'

/** Deterministic nearest rounding as a law with one outcome. */
export const nearest = defineNoise({
  name: 'nearest',
  claims: { unbiased: false, continuous: true, preserving: true, onGrid: true, smooth: false },
  variance: (at) => {
    const error = nearestPoint(at).sub(at.x)
    return error.mul(error)
  },
  sample: (at) => nearestPoint(at),
})
