// Scale rules whose scale is a power of two, stored as 8 exponent bits. Comes in: a choice of the power. Goes out: a rule.
// Source: OCP MX v1.0, section 5.4.1 (E8M0: 2^-127 … 2^127).

import type { Lane, ScaleRule } from '@lotion/core'
import { topPoint } from './top-point.js'

/** What a choice of a power of two is made from. */
export interface E8m0Input {
  readonly amax: Lane
  /** The largest grid point, and the power of two below it. */
  readonly top: number
  readonly topBinade: number
  /** The distance of the two largest grid points. */
  readonly gap: number
}

/**
 * Make a rule with scale = the chosen power of two, within 2^-127 … 2^127 (2^-127 for a block of zeros); x = w / scale.
 * An infinite maximum has an infinite scale, so that its block casts to NaN and not to numbers that look finite.
 */
export function e8m0Scale(name: string, saturates: boolean, power: (input: E8m0Input) => Lane): ScaleRule {
  return Object.freeze({
    name,
    claims: Object.freeze({ continuous: false, saturates }),
    bits: 8,
    scaled: (w, grid) => {
      const top = topPoint(grid)
      const gap = top - grid.points[grid.points.length - 2]!
      const topBinade = 2 ** Math.floor(Math.log2(top))
      const amax = w.abs().blockMax()
      // The number, not amax: a branch through which no slope flows.
      const scale = amax.less(Infinity, limited(power({ amax, top, topBinade, gap })), Infinity)
      return { x: w.div(scale), scale, statistics: [amax] }
    },
  } satisfies ScaleRule)
}

/** Keep a power of two within the range of E8M0. */
export function limited(power: Lane): Lane {
  return power.max(2 ** -127).min(2 ** 127)
}
