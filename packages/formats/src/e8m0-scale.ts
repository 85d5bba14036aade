// Scale rules whose scale is a power of two, stored as 8 exponent bits. Comes in: a choice of the power.
// Goes out: a rule.
// Source: OCP MX v1.0, section 5.4.1 (E8M0: 2^-127 … 2^127).

import type { Grid, Lane, ScaleRule } from '@lotion/core'
import { largestFiniteScale, unitExponent } from './grid-precision.js'
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

/** What a rule says of itself. */
export interface E8m0Claims {
  readonly saturates: boolean
  /**
   * Whether the maximum of a cast block has the same power of two, or one in whose units the block is
   * representable.
   */
  repeats(grid: Grid): boolean
}

/** The constants of a grid. */
export function constantsOf(grid: Grid): Pick<E8m0Input, 'top' | 'topBinade' | 'gap'> {
  const top = topPoint(grid)
  const gap = top - grid.points[grid.points.length - 2]!
  return { top, gap, topBinade: 2 ** Math.floor(Math.log2(top)) }
}

/**
 * Make a rule with scale = the chosen power of two, within 2^-127 … 2^127 (2^-127 for a block of zeros); x =
 * w / scale. The largest is smaller on grids whose top · 2^127 is not finite in f32: what lies beyond is
 * clipped. An infinite maximum has an infinite scale, so that its block casts to NaN and not to numbers that
 * look finite.
 */
export function e8m0Scale(
  name: string,
  { saturates, repeats }: E8m0Claims,
  power: (input: E8m0Input) => Lane,
): ScaleRule {
  return Object.freeze({
    name,
    claims: Object.freeze({
      continuous: false,
      saturates,
      repeats,
      // Points times 2^-127 must be f32 numbers.
      isExact: (grid: Grid) => (repeats(grid) && unitExponent(grid) >= 127 - 149) || undefined,
    }),
    bits: 8,
    stored: 'e8m0',
    ...(saturates ? {} : { reach: (grid: Grid) => largestPower(grid) * topPoint(grid) }),
    scaled: (w, grid) => {
      const amax = w.abs().blockMax()
      // The number, not amax: a branch through which no slope flows.
      const chosen = limited(power({ amax, ...constantsOf(grid) }), largestPower(grid))
      const scale = amax.less(Infinity, chosen, Infinity)
      return { x: w.div(scale), scale, statistics: [amax] }
    },
  } satisfies ScaleRule)
}

/** Keep a power of two within the range of E8M0, or below a smaller limit. */
export function limited(power: Lane, largest = 2 ** 127): Lane {
  return power.max(2 ** -127).min(largest)
}

function largestPower(grid: Grid): number {
  return 2 ** Math.min(127, Math.floor(Math.log2(largestFiniteScale(grid))))
}

/** The point nearest to a magnitude, halves away from 0 or toward it: what a block's maximum is cast to. */
export function nearestOf({ points }: Grid, magnitude: number, halves: 'up' | 'down'): number {
  return points.reduce((best, point) => {
    const [old, mine] = [Math.abs(best - magnitude), Math.abs(point - magnitude)]
    return mine < old || (mine === old && halves === 'up') ? point : best
  })
}
