// Scale rule: the power of two that brings the block maximum into the grid's top binade. Comes in: see `e8m0Scale`.
// Goes out: a rule. Source: OCP MX v1.0, section 6.3: 2^(floor(log2 amax) − emax). It clips maxima above top.

import { e8m0Scale } from './e8m0-scale.js'

/** E8M0 by truncation, as the OCP MX specification converts: saturates (30 to 40 % of Gaussian MXFP4 blocks). */
export const e8m0Floor = e8m0Scale('e8m0-floor', true, ({ amax, topBinade }) => amax.binade().div(topBinade))
