// Noise: uniform over one cell's width around x. Comes in: a site. Goes out: variance, sample. Source: the
// error of subtractive dither, exactly uniform and independent of x (Schuchman 1964; Gray & Stockham 1993).

import { additiveNoise } from './additive-noise.js'

/**
 * x + step · (u − ½): what nearest(x + d) − d gives for a uniform dither d on a uniform grid. Variance step²
 * / 12, the same everywhere in a cell: its only pull is through the block's scale.
 */
export const uniformDither = additiveNoise({
  name: 'uniform-dither',
  deviation: Math.sqrt(1 / 12),
  quantile: (u) => u.sub(0.5).mul(Math.sqrt(12)),
})
