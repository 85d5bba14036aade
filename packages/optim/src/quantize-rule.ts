// Which parameters are quantized, and what their blocks run along. Comes in: names and shapes. Goes out: a
// rule.
// Source: docs/design/03-formats-and-methods.md; embeddings, norms and head stay in full precision by
// default.

import type { BlockAxis, NumberFormat, ParameterInfo, Shape, Tree } from '@lotion/core'
import { axesOf, checkFormat, refuseUnknownKeys, shownValue } from '@lotion/core/internal'
import { layerOf } from './layer-of.js'

/** Says of each parameter whether and how it is quantized. */
export interface QuantizeRule {
  /**
   * How a parameter is quantized; `null` leaves it in full precision.
   * @param parameter Its name and extents.
   */
  (parameter: ParameterInfo): QuantizeAnswer | null
  /**
   * Refuse what of the rule says nothing of any parameter, such as a pattern that matches none.
   * @param parameters All that there are.
   */
  refuseUnused?(parameters: readonly ParameterInfo[]): void
}

/** How a parameter is quantized. */
export interface QuantizeAnswer {
  /** What its blocks run along; it must exist in the shape. */
  readonly axis: BlockAxis
  /** Its own format. Default: the method's. */
  readonly format?: NumberFormat | undefined
}

/** Name → axis of the parameters that are quantized. */
export interface QuantizedAxes extends ReadonlyMap<string, BlockAxis> {
  /** Name → format of those that have one of their own. */
  readonly formats?: ReadonlyMap<string, NumberFormat>
}

/** What `byName` takes; everything has a default. */
export interface ByNameOptions {
  /** Names that are quantized. Default: all. */
  readonly include?: RegExp
  /** Names that are not. Default: what `layerOf` leaves in full precision. Vectors never are quantized. */
  readonly exclude?: RegExp
  /** What blocks run along. Default: what `layerOf` says, the reduction of a linear layer or convolution. */
  readonly axis?: BlockAxis
}

/**
 * Quantize parameters of two axes and more by name: those that match `include` and not `exclude`. By default
 * embeddings, norms, biases, routers, learned tokens and the head stay in full precision. Blocks of what is
 * called `kernel` run along the axes of its inputs as Keras, tfjs and flax store them ([in, out], [h, w, in,
 * out]), of all else as PyTorch does ([out, in], [out, in, h, w]).
 * @param options Patterns of names, and an axis for all. Default: by layer, as told above.
 * @throws TypeError if an option is unknown, or no regular expression.
 * @example
 * ```ts
 * import { byName } from '@lotion/optim'
 *
 * const quantize = byName()
 * console.log(quantize({ name: 'mlp.up.weight', shape: [64, 16] }))
 * console.log(quantize({ name: 'norm.weight', shape: [16] })) // null
 * ```
 */
export function byName(options: ByNameOptions = {}): QuantizeRule {
  refuseUnknownKeys('byName', options, { include: true, exclude: true, axis: true })
  const { include = /./, exclude, axis } = options
  for (const [name, pattern] of Object.entries({ include, exclude }))
    if (pattern !== undefined && !(pattern instanceof RegExp))
      throw new TypeError(
        `${name}: expected a regular expression, such as /attention/, found ${shownValue(pattern)}; write it between slashes`,
      )
  // `search` ignores the position that a global expression remembers between tests.
  const matches = (name: string, pattern: RegExp): boolean => name.search(pattern) >= 0
  return (parameter) => {
    const { name, shape } = parameter
    const layer = layerOf(parameter)
    const excluded = exclude ? matches(name, exclude) : layer.fullPrecision !== undefined
    return shape.length >= 2 && matches(name, include) && !excluded ? { axis: axis ?? layer.axis } : null
  }
}

/**
 * Quantize every parameter, vectors too; blocks run as `byName` lays them.
 * @param parameter Its name and extents; the name tells how its layer is stored.
 */
export const everything: QuantizeRule = (parameter) => ({ axis: layerOf(parameter).axis })

/**
 * Ask a rule about one parameter.
 * @throws naming the parameter, if what the rule returns is neither nothing nor `{ axis, format? }`.
 */
export function askRule(rule: QuantizeRule, parameter: ParameterInfo): QuantizeAnswer | null {
  if (typeof rule !== 'function')
    throw new TypeError(
      `quantize: expected a rule, such as byName(), found ${shownValue(rule)}; give a function of a parameter's name and shape`,
    )
  // As it arrives from code without types: nothing at all is as good as `null`.
  const found: unknown = rule(parameter)
  if (found === null || found === undefined || found === false) return null
  const where = `quantize: '${parameter.name}'`
  const advice =
    'return { axis: -1 } to quantize it, its blocks along the last axis, or null to leave it in full precision'
  if (typeof found !== 'object')
    throw new TypeError(
      `${where}: expected { axis } or null from the rule, found ${shownValue(found)}; ${advice}`,
    )
  const answer: { readonly axis?: unknown; readonly format?: unknown } = found
  refuseUnknownKeys(where, answer, { axis: true, format: true })
  const { axis, format } = answer
  if (typeof axis !== 'number' && !isRun(axis))
    throw new TypeError(
      `${where}: axis: expected a number or [first, last] from the rule, found ${shownValue(axis)}; ${advice}`,
    )
  if (format === undefined) return { axis }
  checkFormat(`${where}: format`, format)
  return { axis, format }
}

const isRun = (axis: unknown): axis is readonly [number, number] =>
  Array.isArray(axis) && axis.length === 2 && axis.every((end) => typeof end === 'number')

/**
 * Apply a rule to all parameters: name → axis of those that are quantized, and the formats that the rule
 * gives.
 * @param rule Asked once for each parameter.
 * @param shapes Extents of all parameters, quantized or not.
 * @throws if it or a part of it matches none, listing the names there are, returns what is no answer, or
 * names an axis that a parameter does not have.
 */
export function quantizedAxes(rule: QuantizeRule, shapes: Tree<Shape>): QuantizedAxes {
  const formats = new Map<string, NumberFormat>()
  const axes = Object.assign(new Map<string, BlockAxis>(), { formats })
  const parameters = Object.entries(shapes).map(([name, shape]) => ({ name, shape }))
  for (const parameter of parameters) {
    const found = askRule(rule, parameter)
    if (!found) continue
    const { name, shape } = parameter
    if (shape.length > 0) checkAxis(name, shape, found.axis)
    axes.set(name, found.axis)
    if (found.format) formats.set(name, found.format)
  }
  rule.refuseUnused?.(parameters)
  if (axes.size === 0) {
    throw new RangeError(
      `quantize: the rule matches no parameter; there are: ${Object.keys(shapes).join(', ')}. ` +
        `By default stay in full precision: embeddings, norms, biases, routers, the head, and vectors.`,
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
