// Laws of the values that a method trains beside the weights: they begin as numbers, the gradient passes
// through the very point, and a run ends with weights whose cast is the method's. Comes in: a method. Goes
// out: counterexamples; values and weights by evaluation.
// Source: the contract `TrainedValues` of @lotion/optim; docs/design/03-formats-and-methods.md.

import {
  defineLanes,
  evaluate,
  leafOf,
  type Arithmetic,
  type BlockLayout,
  type Lane,
  type StepLanes,
} from '@lotion/core'
import { allArithmetics } from '@lotion/core/internal'
import { nearestCasts } from '@lotion/noise/internal'
import type { Method } from '@lotion/optim'
import { largestOf } from './block-values.js'
import { roundingOf, shown, type Counterexample, type Law } from './law.js'
import { probeBlocks, type ProbeBlocks } from './probe-blocks.js'
import type { Values } from './step-values.js'

/** Evaluate one lane of weights and values, one number a weight. */
function laneOf(
  { name }: Pick<Method, 'name'>,
  inputs: Values,
  layout: BlockLayout,
  arithmetic: Arithmetic,
  lane: (x: StepLanes) => Lane,
): readonly number[] {
  const fn = defineLanes({
    name,
    inputs: Object.keys(inputs),
    outputs: ['value'],
    // A choice that reads w makes it one value a weight.
    body: (x) => ({ value: leafOf(x, 'w', name).abs().less(Infinity, lane(x), 0) }),
  })
  return [...evaluate([{ fn, inputs, layout }], arithmetic)[0]!.value!]
}

/** The values that a method's training begins with; none, if it trains none. */
export function firstValues(
  method: Method,
  w: readonly number[],
  layout: BlockLayout,
  arithmetic: Arithmetic,
): Values {
  return Object.fromEntries(
    Object.entries(method.trains?.values ?? {}).map(([name, { initial }]) => [
      name,
      laneOf(method, { w }, layout, arithmetic, (x) => initial(leafOf(x, 'w', name))),
    ]),
  )
}

/** The weights that a run ends with: those given, if the method trains no values. */
export function settledOf(
  method: Method,
  w: readonly number[],
  layout: BlockLayout,
  arithmetic: Arithmetic,
  values: Values = firstValues(method, w, layout, arithmetic),
): readonly number[] {
  const { trains } = method
  return trains ? laneOf(method, { ...values, w }, layout, arithmetic, (x) => trains.settled(x)) : w
}

/** How far values are moved from where they begin: what training may make of them. */
const factors = [1, 0.7, 0.4] as const

const trainsValues = ({ trains }: Method): boolean => trains !== undefined

/** Try weights with values, in both arithmetics; extreme weights too. */
function onValues(
  method: Method,
  at: (
    blocks: ProbeBlocks,
    values: Values,
    arithmetic: Arithmetic,
  ) => { readonly i: number; readonly found: string } | undefined,
): Counterexample | undefined {
  for (const blocks of probeBlocks(method.format)) {
    for (const arithmetic of allArithmetics) {
      const first = firstValues(method, blocks.w, blocks.layout, arithmetic)
      for (const factor of factors) {
        const values = Object.fromEntries(
          Object.entries(first).map(([name, each]) => [name, each.map((value) => value * factor)]),
        )
        const bad = at(blocks, values, arithmetic)
        if (bad)
          return {
            input: `${blocks.name}, w = ${blocks.w[bad.i]}, values ${factor} of their first`,
            found: `${bad.found} in ${arithmetic}`,
          }
      }
    }
  }
  return undefined
}

const pointOf = (
  method: Method,
  { w, layout }: ProbeBlocks,
  values: Values,
  arithmetic: Arithmetic,
): readonly number[] => [
  ...evaluate([{ fn: { ...method.point! }, inputs: { ...values, w }, layout }], arithmetic)[0]!['w']!,
]

/** The first weight whose value is not that of its whole block. */
function otherInBlock(
  values: readonly number[],
  { layout }: ProbeBlocks,
  arithmetic: Arithmetic,
): { readonly i: number; readonly found: string } | undefined {
  const most = laneOf({ name: 'largest of a block' }, { w: values }, layout, arithmetic, ({ w }) =>
    w!.blockMax(),
  )
  // Values that were moved are no f32 numbers yet.
  const round = arithmetic === 'f32' ? Math.fround : (value: number): number => value
  const i = values.findIndex((value, k) => round(value) !== most[k])
  return i < 0 ? undefined : { i, found: `${shown(values[i]!)} beside ${shown(most[i]!)}` }
}

const begins: Law<Method> = {
  name: 'values begin',
  sentence:
    'Of finite weights each value begins as a finite number, the same for all weights of a block, and at least 0 where updates multiply it.',
  applies: trainsValues,
  refute: (method) =>
    onValues(method, (blocks, values, arithmetic) => {
      for (const [name, each] of Object.entries(values)) {
        const isFactor = method.trains!.values[name]!.moves === 'product'
        const i = each.findIndex((value) => !Number.isFinite(value) || (isFactor && value < 0))
        if (i >= 0) return { i, found: `${name} is ${each[i]}` }
        const other = otherInBlock(each, blocks, arithmetic)
        if (other) return { ...other, found: `${name} is ${other.found}` }
      }
      return undefined
    }),
}

const stays: Law<Method> = {
  name: 'values stay whole',
  sentence:
    'What a value’s `slope` and `kept` make of one number a block is a finite number, the same for all weights of the block.',
  applies: trainsValues,
  refute: (method) =>
    onValues(method, (blocks, values, arithmetic) => {
      for (const [name, { slope, kept }] of Object.entries(method.trains!.values)) {
        const given = { w: blocks.w, value: leafOf(values, name, 'values') }
        for (const [what, formula] of Object.entries({ slope, kept })) {
          if (!formula) continue
          const made = laneOf(method, given, blocks.layout, arithmetic, ({ w, value }) => formula(value!, w!))
          const i = made.findIndex((value) => !Number.isFinite(value))
          const bad = i < 0 ? otherInBlock(made, blocks, arithmetic) : { i, found: shown(made[i]!) }
          if (bad) return { ...bad, found: `${what} of ${name} is ${bad.found}` }
        }
      }
      return undefined
    }),
}

const passes: Law<Method> = {
  name: 'passes through the point',
  sentence: 'What the gradient passes through equals the point, up to roundings.',
  applies: (method) => trainsValues(method) && method.point !== undefined,
  refute: (method) =>
    onValues(method, (blocks, values, arithmetic) => {
      const point = pointOf(method, blocks, values, arithmetic)
      const through = laneOf(
        method,
        { ...values, w: blocks.w },
        blocks.layout,
        arithmetic,
        (x) => method.trains!.through(x).at,
      )
      const slack = 64 * roundingOf(arithmetic) * largestOf(blocks.w) + 2 ** -140
      const i = point.findIndex((value, k) => !(Math.abs(value - through[k]!) <= slack))
      return i < 0
        ? undefined
        : { i, found: `the point is ${shown(point[i]!)}, passed through is ${shown(through[i]!)}` }
    }),
}

const ends: Law<Method> = {
  name: 'ends with its cast',
  sentence:
    'The nearest cast of the weights that a run ends with is the point, to the bit: files, runtimes and measurements find the trained values in them; done twice they stay.',
  applies: (method) =>
    trainsValues(method) && method.point !== undefined && !method.point.inputs.includes('u'),
  refute: (method) =>
    onValues(method, (blocks, values, arithmetic) => {
      const point = pointOf(method, blocks, values, arithmetic)
      const settled = settledOf(method, blocks.w, blocks.layout, arithmetic, values)
      const cast = [...nearestCasts(method.format, { ...blocks, w: settled }, arithmetic)]
      const i = point.findIndex((value, k) => value !== cast[k])
      if (i >= 0) return { i, found: `the point is ${shown(point[i]!)}, the cast ${shown(cast[i]!)}` }
      const again = settledOf(method, settled, blocks.layout, arithmetic, values)
      const k = settled.findIndex((value, n) => value !== again[n])
      return k < 0 ? undefined : { i: k, found: `${shown(settled[k]!)} becomes ${shown(again[k]!)}` }
    }),
}

/** What the values of a method are held to. */
export const valueLaws: readonly Law<Method>[] = Object.freeze([begins, stays, passes, ends])
