// Formats and scale rules by name. Comes in: a name. Goes out: a format or a rule. Source: the indices of
// those that are built in.

import type { NumberFormat, ScaleRule } from '@lotion/core'
import { catalogueOf, isFormat } from '@lotion/core/internal'
import * as builtIn from './built-in.js'
import * as builtInRules from './built-in-scales.js'
import { fixedScale } from './fixed-scale.js'

/** Every built-in format, by name. */
export const builtInFormats: readonly NumberFormat[] = catalogueOf(builtIn, isFormat)

/** Every built-in scale rule, by name; `fixedScale` makes others. */
export const builtInScales: readonly ScaleRule[] = catalogueOf(
  { ...builtInRules, clipped: builtInRules.mseClip() },
  isScaleRule,
)

/**
 * Find a format by name.
 * @param name As in the format's record, such as `int4`.
 * @param formats Where it is looked for. Default: the built-in ones.
 * @throws RangeError listing the known names.
 * @example
 * ```ts
 * import { formatByName } from '@lotion/formats'
 *
 * console.log(formatByName('nvfp4').block) // 16 weights
 * ```
 */
export function formatByName(name: string, formats: readonly NumberFormat[] = builtInFormats): NumberFormat {
  const found = formats.find((format) => format.name === name)
  if (!found)
    throw new RangeError(`format: expected one of ${formats.map((f) => f.name).join(', ')}, found '${name}'`)
  return found
}

/**
 * Find a scale rule by name; `fixed-0.5` and the like are rules too.
 * @param name As in the rule's record, such as `absmax`, or `fixed-` and a number.
 * @throws RangeError listing the known names.
 */
export function scaleByName(name: string): ScaleRule {
  const found = builtInScales.find((rule) => rule.name === name)
  if (found) return found
  const fixed = /^fixed-(.+)$/.exec(name)
  if (fixed) return fixedScale(Number(fixed[1]))
  throw new RangeError(
    `scale: expected one of ${builtInScales.map((rule) => rule.name).join(', ')} or fixed- with a number, found '${name}'`,
  )
}

function isScaleRule(value: unknown): value is ScaleRule {
  return typeof value === 'object' && value !== null && 'scaled' in value
}
