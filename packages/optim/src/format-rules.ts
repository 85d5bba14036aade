// Formats by parameter: embeddings in one, matrices in another. Comes in: patterns of names with formats.
// Goes out: a rule.
// Source: docs/design/03-formats-and-methods.md (formats by parameter).

import type { NumberFormat, ParameterInfo } from '@lotion/core'
import { checkFormat } from '@lotion/core/internal'
import { layerOf } from './layer-of.js'
import { patternTest, patternText, type NamePattern } from './name-pattern.js'
import { askRule, byName, type QuantizeRule } from './quantize-rule.js'

/**
 * Give parameters formats of their own by patterns of names: the first that matches counts. The others are as
 * `otherwise` says, in the method's format. Vectors (norms, biases) stay in full precision unless `otherwise`
 * quantizes them. What blocks run along is as `otherwise` says, or by layer.
 * @param rules Pairs of a pattern (see `NamePattern`) and a format; `null` for full precision.
 * @param otherwise The rule of all others. Default: `byName()`.
 * @returns a rule; a pattern that matches nothing is refused once all parameters are known, by `fit` and
 * `quantizedAxes`.
 * @throws TypeError if a pattern or a format is none.
 * @example
 * ```ts
 * import { q4_0, q8_0 } from '@lotion/formats'
 * import { formatRules, quantizedAxes } from '@lotion/optim'
 *
 * const quantize = formatRules([['embed', q8_0], [/mlp/, q4_0]])
 * const shapes = { 'embed.weight': [256, 64], 'mlp.up.weight': [256, 64], 'head.weight': [256, 64] }
 * console.log([...quantizedAxes(quantize, shapes).keys()]) // embed.weight, mlp.up.weight
 * ```
 */
export function formatRules(
  rules: readonly (readonly [pattern: NamePattern, format: NumberFormat | null])[],
  otherwise: QuantizeRule = byName(),
): QuantizeRule {
  const known = rules.map(([pattern, format]) => {
    const text = patternText(pattern)
    if (format !== null) checkFormat(`formatRules: ${text}`, format)
    return { text, format, matches: patternTest('formatRules', pattern) }
  })
  /** What a parameter may be quantized along at all. */
  const axisOf = (parameter: ParameterInfo) =>
    askRule(otherwise, parameter)?.axis ?? (parameter.shape.length >= 2 ? layerOf(parameter).axis : undefined)
  const ruleOf = (parameter: ParameterInfo) =>
    axisOf(parameter) === undefined ? undefined : known.find(({ matches }) => matches(parameter.name))
  const rule: QuantizeRule = (parameter) => {
    const own = ruleOf(parameter)
    if (!own) return askRule(otherwise, parameter)
    const axis = axisOf(parameter)
    return own.format === null || axis === undefined ? null : { axis, format: own.format }
  }
  return Object.assign(rule, {
    refuseUnused: (parameters: readonly ParameterInfo[]) => {
      otherwise.refuseUnused?.(parameters)
      const used = new Set(parameters.map(ruleOf))
      const idle = known.find((each) => !used.has(each))
      if (!idle) return
      throw new RangeError(
        `formatRules: ${idle.text} matches no parameter of two axes and more that an earlier pattern leaves; there are: ` +
          parameters.map(({ name }) => name).join(', '),
      )
    },
  })
}
