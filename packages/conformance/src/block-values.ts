// What a format does to blocks of weights, as numbers. Comes in: a format, blocks, a formula of the located
// weight. Goes out: arrays. Source: the contracts of @lotion/core; the blocks are those on which scale rules
// go wrong.

import {
  defineLanes,
  evaluate,
  locate,
  type Arithmetic,
  type BlockLayout,
  type Lane,
  type Located,
  type NumberFormat,
} from '@lotion/core'
import type { ProbeBlocks } from './probe-blocks.js'

/** Evaluate lanes of x at places. */
export function onPlaces(
  places: readonly number[],
  arithmetic: Arithmetic,
  formula: (x: Lane) => Readonly<Record<string, Lane>>,
): Readonly<Record<string, Float64Array>> {
  return evaluated(['x'], { x: places }, arithmetic, ({ x }) => formula(x!))
}

/** Evaluate lanes of a located weight, and uniforms if given, over blocks. */
export function onBlocks(
  format: NumberFormat,
  { w, layout }: Pick<ProbeBlocks, 'w' | 'layout'>,
  arithmetic: Arithmetic,
  formula: (at: Located, u: Lane) => Readonly<Record<string, Lane>>,
  u: number | readonly number[] = 0.5,
): Readonly<Record<string, Float64Array>> {
  const inputs = { w, u: typeof u === 'number' ? w.map(() => u) : u }
  return evaluated(
    ['w', 'u'],
    inputs,
    arithmetic,
    (lanes) => formula(locate(format, lanes['w']!), lanes['u']!),
    layout,
  )
}

/** Evaluate lanes of inputs over blocks, one value a weight each. */
export function evaluated(
  inputs: readonly string[],
  arrays: Readonly<Record<string, readonly number[]>>,
  arithmetic: Arithmetic,
  formula: (lanes: Readonly<Record<string, Lane>>) => Readonly<Record<string, Lane>>,
  layout?: BlockLayout,
): Readonly<Record<string, Float64Array>> {
  // Known once the body has run.
  const names: string[] = []
  // Adding 0 times an input makes an output one value a weight, whatever it depends on; inputs are finite.
  const fn = defineLanes({
    name: 'probe',
    inputs,
    outputs: names,
    body: (x) => {
      const first = x[inputs[0]!]!
      const made = Object.entries(formula(x))
      names.push(...made.map(([name]) => name))
      return Object.fromEntries(made.map(([name, lane]) => [name, first.less(Infinity, lane, first)]))
    },
  })
  return evaluate([{ fn, inputs: arrays, ...(layout ? { layout } : {}) }], arithmetic)[0]!
}

/** The largest magnitude; 0 of none. A loop, as a block may hold more values than a call takes arguments. */
export function largestOf(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}
