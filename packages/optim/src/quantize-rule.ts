// Which parameters are quantized, and what their blocks run along. Comes in: names and shapes. Goes out: a rule.
// Source: docs/design/03-formats-and-methods.md; embeddings, norms and head stay in full precision by default.

import { axesOf, type BlockAxis, type ParameterInfo, type Shape, type Tree } from '@lotion/core'

/** How a parameter is quantized: what its blocks run along; `null` leaves it in full precision. */
export type QuantizeRule = (parameter: ParameterInfo) => { readonly axis: BlockAxis } | null

/** What `byName` takes; everything has a default. */
export interface ByNameOptions {
  /** Names that are quantized. Default: all. */
  readonly include?: RegExp
  /** Names that are not. Default: embeddings, norms, head, biases. */
  readonly exclude?: RegExp
  /** What blocks run along: −1 for linear layers stored [out, in], 0 for [in, out]. Default −1. */
  readonly axis?: BlockAxis
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
export function quantizedAxes(rule: QuantizeRule, shapes: Tree<Shape>): ReadonlyMap<string, BlockAxis> {
  const axes = new Map<string, BlockAxis>()
  for (const [name, shape] of Object.entries(shapes)) {
    const found = rule({ name, shape })
    if (!found) continue
    if (shape.length > 0) checkAxis(name, shape, found.axis)
    axes.set(name, found.axis)
  }
  if (axes.size === 0) {
    throw new RangeError(
      `quantize: the rule matches no parameter; there are: ${Object.keys(shapes).join(', ')}. ` +
        `By default matrices are quantized whose names do not contain embed, norm, head or bias.`,
    )
  }
  return axes
}

function checkAxis(name: string, shape: Shape, axis: BlockAxis): void {
  try {
    axesOf(shape, axis)
  } catch (error) {
    throw new RangeError(`quantize: '${name}': ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}
