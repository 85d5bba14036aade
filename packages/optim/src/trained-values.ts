// Values that a method trains beside the weights, such as a block's clipping bound. Comes in: what a method
// says of them, and the optimizer. Goes out: a part of the chain that turns the gradient at the point into
// gradients of weights and values, and steps the values.
// Source: docs/design/03-formats-and-methods.md, "Trained values".

import {
  defineLanes,
  gradient,
  layoutOf,
  leafOf,
  locate,
  mapTree,
  nearestCast,
  scalarNames,
  trace,
  type BlockAxis,
  type Lane,
  type LaneFn,
  type NumberFormat,
  type ParameterInfo,
  type StepInfo,
  type StepLanes,
  type Transformation,
} from '@lotion/core'
import { refuseUnknownKeys, updateLanes } from '@lotion/core/internal'
import { transformationOf } from './define-transformation.js'
import { passesOn } from './passes-on.js'
import { chain, resolved } from './transformation.js'

/** One value of a block, trained by the run's optimizer. */
export interface TrainedValue {
  /** Make its first value of the block's weights: one value a block. @param w One value a weight. */
  initial(w: Lane): Lane
  /**
   * `sum`: the optimizer's update is added. `product`, for a value above 0: the value is multiplied by
   * e^update, kept within 1/e and e; its gradient is that of its logarithm.
   */
  readonly moves: 'sum' | 'product'
  /** Its learning rate in units of the optimizer's, above 0. Default 1. */
  readonly rate?: number
  /**
   * Change its gradient before the optimizer. Default: as it is.
   * @param slope ∂loss/∂value, or ∂loss/∂log value: one value a block.
   * @param w One value a weight.
   */
  slope?(slope: Lane, w: Lane): Lane
  /**
   * Keep it where it may be, after an update. Default: anywhere.
   * @param value One value a block, as all weights of the block have it.
   * @param w The weights before the update.
   */
  kept?(value: Lane, w: Lane): Lane
}

const valueKeys: Readonly<Record<keyof TrainedValue, true>> = {
  initial: true,
  moves: true,
  rate: true,
  slope: true,
  kept: true,
}

/** A method's point as a function that has slopes. */
export interface Through {
  /** Equals the point, up to roundings. */
  readonly at: Lane
  /** What of it has no slope: what rounding did. */
  readonly hold: readonly Lane[]
}

/** What a method says of its values. `x` has the weight `w` and each value by name. */
export interface TrainedValuesDefinition {
  /** By name, such as `bound`. */
  readonly values: Readonly<Record<string, TrainedValue>>
  /** Make the weights whose cast is the point: with them a run ends. @param x Weight and values by name. */
  settled(x: StepLanes): Lane
  /**
   * Make the point once more, as the gradient passes through it to weights and values.
   * @param x Weight and values by name.
   */
  through(x: StepLanes): Through
}

/** The values of a method, as `withMethod` and phases use them. */
export interface TrainedValues extends TrainedValuesDefinition {
  /** `settled` as a lane function: `w` and the values → `w`. */
  readonly ending: LaneFn
  /** Make the point, the nearest cast of `settled`: `w`, the values → `w`. @param format Of the cast. */
  point(format: NumberFormat): LaneFn
  /** Updates of the run before the values began, for bias corrections. Default 0. */
  readonly since?: number
  /**
   * Make what trains the values of one parameter: a part that stands before the optimizer of the weights.
   * Its slots are each value, as all weights of its block have it, and those of the optimizer that steps it.
   * @param of The method's side of it.
   * @param parameter Its name and shape.
   * @throws TypeError if the optimizer needs more than the gradient, or sums over weights: a value is none.
   */
  part(of: ValuesPart, parameter: ParameterInfo): Transformation
}

/** What a part that trains values is made for. */
export interface ValuesPart {
  /** The part's name: that of the method. */
  readonly name: string
  /** Its blocks have the values. */
  readonly format: NumberFormat
  /** What the blocks run along. */
  readonly axis: BlockAxis
  /** Steps the values, by its formula on each. */
  readonly optimizer: Transformation
  /** Updates of the run before the values began. */
  readonly since: number
}

/**
 * Make the values that a method trains beside the weights, for `trains` of `defineMethod`. Frozen.
 * @param definition First values, how they move, and the point as a function of weights and values.
 * @throws TypeError if a key is unknown.
 * @example
 * ```ts
 * import { locate, nearestCast } from '@lotion/core'
 * import { int4 } from '@lotion/formats'
 * import { defineMethod, defineTrainedValues } from '@lotion/optim'
 *
 * const method = defineMethod({
 *   name: 'clip',
 *   format: int4,
 *   trains: defineTrainedValues({
 *     values: { bound: { initial: (w) => w.abs().blockMax(), moves: 'product' } },
 *     settled: ({ w, bound }) => w!.min(bound!).max(bound!.mul(-1)),
 *     through: ({ w, bound }) => {
 *       const inside = w!.min(bound!).max(bound!.mul(-1))
 *       const error = nearestCast(locate(int4, inside)).sub(inside)
 *       return { at: inside.add(error), hold: [error] }
 *     },
 *   }),
 * })
 * console.log(method.point!.inputs) // w, bound
 * ```
 */
export function defineTrainedValues(definition: TrainedValuesDefinition): TrainedValues {
  refuseUnknownKeys('defineTrainedValues', definition, { values: true, settled: true, through: true })
  for (const [name, value] of Object.entries(definition.values))
    refuseUnknownKeys(`values: ${name}`, value, valueKeys)
  const weights = (name: string, of: (settled: Lane) => Lane): LaneFn =>
    defineLanes({
      name,
      inputs: ['w', ...Object.keys(definition.values)],
      outputs: ['w'],
      body: (x) => ({ w: of(definition.settled(x)) }),
    })
  const { values } = definition
  // Made once: a formula is remembered by its record.
  const begin = defineLanes({
    name: 'first values',
    inputs: ['w'],
    outputs: Object.keys(values),
    body: (x) => {
      const w = leafOf(x, 'w', 'first values')
      return mapTree(values, ({ initial }) => everyWeight(initial(w), w))
    },
  })
  return Object.freeze({
    ...definition,
    ending: weights('settled weights', (w) => w),
    point: (format) =>
      weights(`cast ${format.name} of settled weights`, (w) => nearestCast(locate(format, w))),
    part: (of, parameter) => valuesPart(definition, begin, of, parameter),
  } satisfies TrainedValues)
}

function valuesPart(
  trains: TrainedValuesDefinition,
  begin: LaneFn,
  { name, format, optimizer, axis, since }: ValuesPart,
  { name: parameter, shape }: ParameterInfo,
): Transformation {
  const { values } = trains
  const names = Object.keys(values)
  // As a vector beside the parameter: it is in the same group, and is not decayed.
  const all = resolved(chain(optimizer), {
    name: parameter,
    shape: [layoutOf(shape, format.block, axis).blocks],
  })
  const own = all && steppingParts(all)
  if (!own)
    throw new TypeError(
      `${name}: '${parameter}': expected an optimizer for ${names.join(', ')}, found none of '${optimizer.name}'; let it apply to vectors too`,
    )
  refuseSums(name, own)
  const under = (value: string) => (local: string) => `${value}.${local}`
  const counted = (at: StepInfo): StepInfo =>
    since === 0 ? at : { ...at, updates: Math.max(0, (at.updates ?? at.step) - since) }
  const prefixed = <V>(made: Readonly<Record<string, V>>): Record<string, V> =>
    Object.fromEntries(
      names.flatMap((value) => Object.entries(made).map(([local, each]) => [under(value)(local), each])),
    )
  return transformationOf({
    name,
    slots: names.flatMap((value) => [value, ...own.slots.map(under(value))]),
    nonNegative: names.flatMap((value) => [
      ...(values[value]!.moves === 'product' ? [value] : []),
      ...(own.nonNegative ?? []).map(under(value)),
    ]),
    block: format.block,
    axis,
    begin,
    scalars: (at) => prefixed(own.scalars(counted(at))),
    update: (x: StepLanes) => {
      const [w, g] = [x['w']!, x['update']!]
      const { at, hold } = trains.through({ w, ...pick(x, names) })
      const slopeBy = (of: Lane): Lane => gradient(g.mul(at), of, { hold: [g, ...hold] })
      const slots = names.flatMap((value) => {
        const [rule, now] = [values[value]!, x[value]!]
        const byValue = slopeBy(now).blockSum()
        const byMove = rule.moves === 'product' ? byValue.mul(now) : byValue
        const slope = rule.slope ? rule.slope(byMove, w) : byMove
        const local = Object.fromEntries(
          [...own.slots, ...scalarNames(own)].map((each) => [each, x[under(value)(each)]!]),
        )
        const made = updateLanes(own, { ...local, w: now, update: slope, gradient: slope })
        const { update, ...next } = made
        const by = update.mul(rule.rate ?? 1)
        const moved = rule.moves === 'product' ? now.mul(exponential(by)) : now.add(by)
        return [
          [value, everyWeight(rule.kept ? rule.kept(moved, w) : moved, w)] as const,
          ...Object.entries(next).map(([slot, lane]) => [under(value)(slot), everyWeight(lane, w)] as const),
        ]
      })
      return { ...Object.fromEntries(slots), update: slopeBy(w) }
    },
  })
}

/** A block's value as each of its weights has it: slots hold one number a weight. */
const everyWeight = (lane: Lane, w: Lane): Lane =>
  lane.node.rate === 'element' ? lane : w.abs().less(Infinity, lane, 0)

/** e^x for |x| ≤ 1, by (12 + 6x + x²) / (12 − 6x + x²): within 4e-3 at the ends, x⁵/720 near 0. */
function exponential(x: Lane): Lane {
  const near = x.max(-1).min(1)
  const even = near.mul(near).add(12)
  const odd = near.mul(6)
  return even.add(odd).div(even.sub(odd))
}

const pick = (x: StepLanes, names: readonly string[]): StepLanes =>
  Object.fromEntries(names.map((name) => [name, x[name]!]))

/** An optimizer without what changes no update, such as an average of the weights: a value is no weight. */
function steppingParts(own: Transformation): Transformation {
  const { parts = [own] } = own
  const stepping = parts.filter((part) => !passesOn(part))
  return stepping.length === 0 || stepping.length === parts.length ? own : chain(...stepping)
}

/** @throws TypeError unless an optimizer treats each value by itself. */
function refuseSums(name: string, own: Transformation): void {
  const refuse = (found: string): never => {
    throw new TypeError(
      `${name}: expected an optimizer that steps each value by itself, found '${own.name}', which ${found}; use adamw or sgd, and clip in \`before\``,
    )
  }
  const signal = own.needs.find((need) => need.name !== 'gradient')
  if (signal) refuse(`needs the signal '${signal.name}' of weights`)
  if (own.block) refuse('works on blocks of weights')
  const fn = defineLanes({
    name: own.name,
    inputs: ['w', 'gradient', ...own.slots],
    scalars: scalarNames(own),
    outputs: ['update', ...own.slots],
    body: (x) => ({ ...x, ...updateLanes(own, { ...x, update: x['gradient']! }) }),
  })
  const { nodes } = trace(fn)
  if (nodes.some(({ kind }) => kind === 'reduce')) refuse('sums over weights')
  // What is stepped may be the logarithm of the value: a decay, or a step onto a point, would be of another.
  if (nodes.some((node) => node.kind === 'input' && node.name === 'w'))
    refuse(
      `steps by the weight itself, as weight decay and schedule-free training do (here of '${own.name}')`,
    )
}
