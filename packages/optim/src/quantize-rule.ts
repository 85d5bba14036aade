// Which parameters are quantized, and along which axis. Comes in: names and shapes. Goes out: a rule.
// Source: docs/design/03-formats-and-methods.md; embeddings, norms and head stay in full precision by default.

import type { ParameterInfo, Shape, Tree } from '@lotion/core'

/** How a parameter is quantized: the axis its blocks run along; `null` leaves it in full precision. */
export type QuantizeRule = (parameter: ParameterInfo) => { readonly axis: number } | null

/** What `byName` takes; everything has a default. */
export interface ByNameOptions {
  /** Names that are quantized. Default: all. */
  readonly include?: RegExp
  /** Names that are not. Default: embeddings, norms, head, biases. */
  readonly exclude?: RegExp
  /** Axis of the blocks: −1 for linear layers stored [out, in], 0 for [in, out]. Default −1. */
  readonly axis?: number
}

const fullPrecision = /embed|norm|head|bias/i

/** Quantize matrices by name: those that match `include` and not `exclude`. */
export function byName({
  include = /./,
  exclude = fullPrecision,
  axis = -1,
}: ByNameOptions = {}): QuantizeRule {
  // `search` ignores the position that a global expression remembers between tests.
  const matches = (name: string, pattern: RegExp): boolean => name.search(pattern) >= 0
  return ({ name, shape }) =>
    shape.length >= 2 && matches(name, include) && !matches(name, exclude) ? { axis } : null
}

/** Quantize every parameter, vectors too. */
export const everything: QuantizeRule = () => ({ axis: -1 })

/**
 * Apply a rule to all parameters: name → axis of those that are quantized.
 * @throws if it matches none, listing the names there are, or names an axis that a parameter does not have.
 */
export function quantizedAxes(rule: QuantizeRule, shapes: Tree<Shape>): ReadonlyMap<string, number> {
  const axes = new Map<string, number>()
  for (const [name, shape] of Object.entries(shapes)) {
    const found = rule({ name, shape })
    if (!found) continue
    const { axis } = found
    if (shape.length > 0 && !(Number.isInteger(axis) && axis >= -shape.length && axis < shape.length)) {
      throw new RangeError(
        `quantize: '${name}': expected an axis from ${-shape.length} to ${shape.length - 1} for shape [${shape.join(', ')}], found ${axis}`,
      )
    }
    axes.set(name, axis)
  }
  if (axes.size === 0) {
    throw new RangeError(
      `quantize: the rule matches no parameter; there are: ${Object.keys(shapes).join(', ')}. ` +
        `By default matrices are quantized whose names do not contain embed, norm, head or bias.`,
    )
  }
  return axes
}
