// Scale rule: a constant. Comes in: the scale. Goes out: a rule. Source: fixed-point formats; the grid itself, unscaled.

import { builderOf, type ScaleRule } from '@lotion/core'

/** Scale every block by the same number, which is part of the format and not stored. @throws unless it is finite and above 0. */
export function fixedScale(scale: number): ScaleRule {
  if (!(scale > 0 && Number.isFinite(scale)))
    throw new RangeError(`scale: expected a finite number above 0, found ${scale}`)
  return Object.freeze({
    name: `fixed-${scale}`,
    claims: Object.freeze({ continuous: true, saturates: true }),
    bits: 0,
    scaled: (w) => ({ x: w.div(scale), scale: builderOf(w).literal(scale), statistics: [] }),
  } satisfies ScaleRule)
}
