// Scale rule: the power of two that brings the block maximum into the grid's top binade. Comes in: see
// `e8m0Scale`. Goes out: a rule. Source: OCP MX v1.0, section 6.3: 2^(floor(log2 amax) − emax). It clips
// maxima above top.

import { constantsOf, e8m0Scale } from './e8m0-scale.js'

/** E8M0 by truncation, as OCP MX specifies: saturates (30 to 40 % of Gaussian MXFP4 blocks). */
export const e8m0Floor = e8m0Scale(
  'e8m0-floor',
  // No maximum leaves its binade if that starts with a point.
  { saturates: true, repeats: (grid) => grid.points.includes(constantsOf(grid).topBinade) },
  ({ amax, topBinade }) => amax.binade().div(topBinade),
)
