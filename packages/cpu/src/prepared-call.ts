// A checked call over typed arrays: inputs as arrays, scalars as numbers, outputs made.
// Comes in: lane calls. Goes out: arrays, scalars and outputs by name. Source: docs/design/02-lanes.md.

import {
  mapTree,
  type BlockLayout,
  type LaneCall,
  type LaneGraph,
  type LaneNode,
  type Tree,
} from '@lotion/core'
import { checkCall } from '@lotion/core/internal'

/** What a call reads and writes. */
export interface PreparedCall {
  readonly call: LaneCall<Float32Array>
  readonly graph: LaneGraph
  readonly layout: BlockLayout
  readonly arrays: ReadonlyMap<string, Float32Array>
  readonly scalars: ReadonlyMap<string, number>
  readonly outputs: Tree<Float32Array>
}

/** Totals of earlier stages by name, rounded to f32. */
export type Totals = ReadonlyMap<string, number>

/** Look up a scalar input or a total. */
export function scalarOf({ scalars, graph }: PreparedCall, totals: Totals, node: LaneNode): number {
  const value =
    node.kind === 'input'
      ? scalars.get(node.name)
      : node.kind === 'reduce'
        ? totals.get(node.name)
        : undefined
  if (value === undefined)
    throw new TypeError(`${graph.name}: expected a value of the call, found a ${node.kind}`)
  return value
}

/**
 * Check a call.
 * @throws if an array or scalar is missing, of another kind, or has another size than the layout says.
 */
export function prepareCall(call: LaneCall<Float32Array>): PreparedCall {
  checkKinds(call)
  const { graph, layout, weights, inputs, scalars, lengths } = checkCall(call, (array) => array.length)
  return {
    call,
    graph,
    layout,
    arrays: new Map(
      Array.from(inputs, ([name, given]) => [
        name,
        typeof given === 'number' ? new Float32Array(weights).fill(given) : given,
      ]),
    ),
    scalars: new Map(
      Array.from(scalars, ([name, given]) => [name, typeof given === 'number' ? given : given[0]!]),
    ),
    outputs: mapTree(lengths, (length, name) => call.into?.[name] ?? new Float32Array(length)),
  }
}

function checkKinds({ fn, inputs, into = {} }: LaneCall<Float32Array>): void {
  for (const [name, given] of Object.entries(inputs)) {
    if (typeof given !== 'number') checkFloats(`${fn.name}: input '${name}'`, given, ' or a number')
  }
  for (const [name, given] of Object.entries(into)) checkFloats(`${fn.name}: into '${name}'`, given)
}

/** Check that a value is a `Float32Array`. @throws TypeError naming what was found. */
export function checkFloats(what: string, value: unknown, other = ''): void {
  if (value instanceof Float32Array) return
  throw new TypeError(`${what}: expected a Float32Array${other}, found ${kindOf(value)}`)
}

/** Name what a value is, for an error. */
export function kindOf(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? (value.constructor?.name ?? 'an object')
    : String(value)
}
