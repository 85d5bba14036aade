// What a format does to blocks of weights, as numbers. Comes in: a format, blocks, a formula of the located weight.
// Goes out: arrays. Source: the contracts of @lotion/core; the blocks are those on which scale rules go wrong.

import {
  castNearest,
  defineLanes,
  evaluate,
  layoutOf,
  locate,
  normals,
  type BlockLayout,
  type Lane,
  type Located,
  type NumberFormat,
} from '@lotion/core'
import { lengthOf, type ProbeBlocks } from './probe-blocks.js'

/** Evaluate lanes of x at places. */
export function onPlaces(
  places: readonly number[],
  arithmetic: 'f64' | 'f32',
  formula: (x: Lane) => Readonly<Record<string, Lane>>,
): Readonly<Record<string, Float64Array>> {
  return evaluated(['x'], { x: places }, arithmetic, ({ x }) => formula(x!))
}

/** Evaluate lanes of a located weight, and uniforms if given, over blocks. */
export function onBlocks(
  format: NumberFormat,
  { w, layout }: Pick<ProbeBlocks, 'w' | 'layout'>,
  arithmetic: 'f64' | 'f32',
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

/** The nearest cast of every weight. */
export function castOf(
  format: NumberFormat,
  blocks: Pick<ProbeBlocks, 'w' | 'layout'>,
  arithmetic: 'f64' | 'f32',
): readonly number[] {
  const call = { fn: castNearest(format), inputs: { w: blocks.w }, layout: blocks.layout }
  return Array.from(evaluate([call], arithmetic)[0]!['w']!)
}

function evaluated(
  inputs: readonly string[],
  arrays: Readonly<Record<string, readonly number[]>>,
  arithmetic: 'f64' | 'f32',
  formula: (lanes: Readonly<Record<string, Lane>>) => Readonly<Record<string, Lane>>,
  layout?: BlockLayout,
): Readonly<Record<string, Float64Array>> {
  let names: readonly string[] = []
  const count = defineLanes({
    name: 'names',
    inputs,
    outputs: [],
    body: (x) => {
      names = Object.keys(formula(x))
      return {}
    },
  })
  evaluate([{ fn: count, inputs: arrays, ...(layout ? { layout } : {}) }])
  // Adding 0 times an input makes an output one value a weight, whatever it depends on; inputs are finite.
  const fn = defineLanes({
    name: 'probe',
    inputs,
    outputs: names,
    body: (x) => {
      const first = x[inputs[0]!]!
      return Object.fromEntries(
        Object.entries(formula(x)).map(([name, lane]) => [name, first.less(Infinity, lane, first)]),
      )
    },
  })
  return evaluate([{ fn, inputs: arrays, ...(layout ? { layout } : {}) }], arithmetic)[0]!
}

/** The largest magnitude; 0 of none. A loop, as a block may hold more values than a call takes arguments. */
export function largestOf(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

/** A jump of a quantity along a block's largest weight. */
export interface Jump {
  readonly at: number
  readonly from: number
  readonly to: number
}

/**
 * Stretch the largest weight of one of two blocks fourfold and bisect where a sum over its block does what its course
 * does not announce; `undefined` if every such place proves continuous to 10^-6.
 */
export function jumpOf(format: NumberFormat, quantity: (at: Located) => Lane): Jump | undefined {
  const length = lengthOf(format)
  const layout = layoutOf([2, length], format.block)
  const start = normals({ seed: 2, stream: 'conformance weights' }, length)
  const top = start.reduce((best, value, i) => (Math.abs(value) > Math.abs(start[best]!) ? i : best), 0)
  const largest = Math.abs(start[top]!)
  const fn = defineLanes({
    name: 'jump',
    inputs: ['w', 'counts'],
    outputs: ['sum'],
    body: ({ w, counts }) => ({ sum: quantity(locate(format, w)).mul(counts).total('sum') }),
  })
  // The second block does not count; it holds a scale that is shared by the tensor.
  const counts = Array.from({ length: 2 * length }, (_, i) => (i < length ? 1 : 0))
  const at = (size: number): number => {
    const w = Array.from({ length: 2 * length }, (_, i) =>
      i === top ? Math.sign(start[top]!) * size : (start[i] ?? 32 * largest),
    )
    return evaluate([{ fn, inputs: { w, counts }, layout }])[0]!['sum']![0]!
  }
  const parts = 64
  const sizes = Array.from({ length: parts + 1 }, (_, j) => largest * 4 ** (j / parts))
  const values = sizes.map(at)
  const rises = values.slice(1).map((value, j) => value - values[j]!)
  const odd = (j: number): number =>
    Math.abs(rises[j]! - ((rises[j - 1] ?? rises[j]!) + (rises[j + 1] ?? rises[j]!)) / 2)
  const suspects = rises
    .map((_, j) => j)
    .sort((a, b) => odd(b) - odd(a))
    .slice(0, 4)
  for (const j of suspects) {
    let [low, high, from, to] = [sizes[j]!, sizes[j + 1]!, values[j]!, values[j + 1]!]
    for (let halving = 0; halving < 32; halving++) {
      const middle = (low + high) / 2
      const value = at(middle)
      if (Math.abs(value - from) > Math.abs(to - value)) [high, to] = [middle, value]
      else [low, from] = [middle, value]
    }
    if (Math.abs(to - from) > 1e-6 * Math.max(Math.abs(from), Math.abs(to))) return { at: high, from, to }
  }
  return undefined
}
