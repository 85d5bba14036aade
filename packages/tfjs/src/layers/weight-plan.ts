// What each weight of a model is trained for. Comes in: weights found, a method's format, choices by name.
// Goes out: a plan, one entry a weight; a rule of it. Source: docs/design/09-tfjs.md (the door).

import { perRow, type BlockAxis, type NumberFormat, type ParameterInfo } from '@lotion/core'
import { checkFormat, refuseUnknownKeys, shownValue } from '@lotion/core/internal'
import { withBlock } from '@lotion/formats'
import type { QuantizeAnswer } from '@lotion/optim'
import { patternTest } from '@lotion/optim/internal'
import type { FoundWeight } from './layer-weights.js'

/** What is declared of a weight whose layer is not of tf.layers. */
export interface DeclaredLayer {
  /** What its blocks run along: the axes that the layer sums over. */
  readonly axis: BlockAxis
  /** Its own format. Default: the method's. */
  readonly format?: NumberFormat | undefined
}

/**
 * What a layer or weight is trained for: a format, `null` for full precision, or what is declared of a layer
 * that is not of tf.layers.
 */
export type LayerChoice = NumberFormat | null | DeclaredLayer

/** A weight with what it is trained for. */
export interface PlannedWeight extends FoundWeight {
  /** Absent in full precision: then there is a reason. */
  readonly quantized?: Required<Pick<QuantizeAnswer, 'axis'>> & { readonly format: NumberFormat }
}

/**
 * A format with one scale for each output channel: `withBlock(format, perRow)`, whose rows are what an output
 * of a layer sums over, all axes of a convolution's window. Transposed convolutions have no such rows, and
 * `quantized` refuses it there by name.
 * @param format Its own blocks are left.
 */
export const perChannel = (format: NumberFormat): NumberFormat => withBlock(format, perRow)

/**
 * Decide for each weight. A choice applies to weights whose path its pattern matches, the first that does.
 * @throws RangeError for a pattern that matches no weight that could be quantized, or if none is left;
 * TypeError naming a weight of a layer that is not known and not chosen for, two of one path, or a choice
 * that is none; RangeError for rows of a transposed convolution.
 */
export function weightPlan(
  found: readonly FoundWeight[],
  format: NumberFormat,
  layers: Readonly<Record<string, LayerChoice>>,
): readonly PlannedWeight[] {
  const choices = Object.entries(layers).map(([pattern, choice]) => {
    const what = `quantized: layers: '${pattern}'`
    return { pattern, matches: patternTest(what, pattern), ...choiceOf(what, choice) }
  })
  const twice = found.find(({ path }, i) => found.findIndex((other) => other.path === path) < i)
  if (twice)
    throw new TypeError(
      `quantized: expected weights of different paths, found two of '${twice.path}'; give the layers names`,
    )
  const used = new Set<string>()
  const plan = found.map((weight): PlannedWeight => {
    if (weight.reason !== undefined) return weight
    const { axis: _, ...plain } = weight
    const own = choices.find(({ matches }) => matches(weight.path))
    if (own) used.add(own.pattern)
    if (own?.format === null) return { ...plain, reason: `layers: '${own.pattern}'` }
    const axis = own?.axis ?? weight.axis
    if (axis === undefined) throw unknownLayer(weight)
    const quantized = { axis, format: own?.format ?? format }
    if (weight.row !== undefined && own?.axis === undefined && quantized.format.block.kind === 'row')
      throw shortRow(weight, quantized.format)
    return { ...plain, axis, quantized }
  })
  const idle = choices.find(({ pattern }) => !used.has(pattern))
  const paths = found.flatMap(({ path, reason }) => (reason === undefined ? [path] : [])).join(', ')
  if (idle)
    throw new RangeError(
      `quantized: layers: '${idle.pattern}' matches no weight that an earlier pattern leaves; there are: ${paths}`,
    )
  if (plan.every(({ quantized }) => quantized === undefined))
    throw new RangeError(
      `quantized: expected a weight to quantize, found none; ${paths === '' ? 'the model has no kernel' : `there are: ${paths}`}`,
    )
  return plan
}

/** The plan as a rule, asked by paths. */
export function ruleOf(plan: readonly PlannedWeight[]): (parameter: ParameterInfo) => QuantizeAnswer | null {
  const known = new Map(plan.map(({ path, quantized }) => [path, quantized ?? null]))
  return ({ name }) => known.get(name) ?? null
}

function choiceOf(
  what: string,
  choice: LayerChoice,
): { readonly format?: NumberFormat | null | undefined; readonly axis?: BlockAxis } {
  const given: unknown = choice
  if (given === null) return { format: null }
  if (typeof given !== 'object')
    throw new TypeError(
      `${what}: expected a format, null for full precision, or { axis, format? }, found ${shownValue(given)}`,
    )
  if (!('axis' in given)) {
    checkFormat(what, given)
    return { format: choice as NumberFormat }
  }
  refuseUnknownKeys<{ axis: unknown; format?: unknown }>(what, given, { axis: true, format: true })
  const { axis, format } = given as DeclaredLayer
  if (format !== undefined) checkFormat(`${what}: format`, format)
  return { axis, format }
}

/** Of a kernel [..., out, in]: a channel is no run of axes. */
const shortRow = ({ path, layer, shape, row, axis }: FoundWeight, { name }: NumberFormat): RangeError =>
  new RangeError(
    `quantized: '${path}' [${shape.join(', ')}]: expected blocks of a number of weights or of a tensor, found rows of ${name}: a row of a ` +
      `${layer} is ${row}, not a channel; say layers: { '${path}': withBlock(${name}, blockOf(32)) }, or perTensor, or, if rows are meant, ` +
      `{ axis: ${JSON.stringify(axis)}, format }`,
  )

const unknownLayer = ({ path, layer, shape }: FoundWeight): TypeError =>
  new TypeError(
    `quantized: '${path}' [${shape.join(', ')}]: expected a layer of tf.layers, found ${layer}, of which is not known what it sums over; ` +
      `say so, layers: { '${path}': { axis: 0 } }, or leave it in full precision, layers: { '${path}': null }`,
  )
