// Scale rules by name, for command lines. Comes in: a name. Goes out: a rule, and whether a packing can store its scales.
// Source: docs/design/03-formats-and-methods.md.

import type { NumberFormat, ScaleRule } from '@lotion/core'
import {
  absmax,
  absmaxBf16,
  absmaxF16,
  e4m3Ceil,
  e4m3Nearest,
  e8m0Ceil,
  e8m0Even,
  e8m0Floor,
  e8m0Nearest,
  fixedScale,
  mseClip,
} from '@lotion/formats'

/** The numbers that scales are stored as; `e4m3` comes with one f32 a tensor. */
type Stored = 'f32' | 'f16' | 'bf16' | 'e8m0' | 'e4m3' | 'nothing'

const rules: readonly (readonly [ScaleRule, Stored])[] = [
  [absmax, 'f32'],
  [absmaxF16, 'f16'],
  [absmaxBf16, 'bf16'],
  [e8m0Floor, 'e8m0'],
  [e8m0Ceil, 'e8m0'],
  [e8m0Nearest, 'e8m0'],
  [e8m0Even, 'e8m0'],
  [e4m3Nearest, 'e4m3'],
  [e4m3Ceil, 'e4m3'],
  [mseClip(), 'f32'],
]

/** Names of the rules; `fixed-0.5` and the like are rules too. */
export const scaleNames: readonly string[] = Object.freeze(rules.map(([{ name }]) => name))

/** Find a scale rule. @throws listing the known names. */
export function scaleByName(name: string): ScaleRule {
  const found = rules.find(([rule]) => rule.name === name)
  if (found) return found[0]
  const fixed = /^fixed-(.+)$/.exec(name)
  if (fixed) return fixedScale(Number(fixed[1]))
  throw new RangeError(
    `scale: expected one of ${scaleNames.join(', ')} or fixed- with a number, found '${name}'`,
  )
}

/** Tell whether the packing of a format has room for the scales of another rule. */
export function packs(format: NumberFormat, rule: ScaleRule): boolean {
  const [own, other] = [storedBy(format.scale), storedBy(rule)]
  // Any single number is an f32; what has two levels is not single, and a fixed scale is not stored at all.
  return own === other ? own !== 'nothing' : own === 'f32' && other !== 'e4m3' && other !== 'nothing'
}

function storedBy(rule: ScaleRule): Stored {
  return rules.find(([{ name }]) => name === rule.name)?.[1] ?? 'nothing'
}
