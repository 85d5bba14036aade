// A lane call whose arguments have been checked: nothing can fail once weights are being written.
// Comes in: lane calls. Goes out: arrays, scalars and outputs by name. Source: docs/design/02-lanes.md.

import {
  flatLayout,
  trace,
  type BlockLayout,
  type LaneCall,
  type LaneGraph,
  type LaneNode,
  type Tree,
} from '@lotion/core'

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

/** Weights of a call. */
export function weightsOf({ layout }: Pick<PreparedCall, 'layout'>): number {
  return layout.outer * layout.length * layout.inner
}

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

/** Check a call. @throws if an array or scalar is missing, or has another size than the layout says. */
export function prepareCall(call: LaneCall<Float32Array>): PreparedCall {
  const graph = trace(call.fn)
  const layout = layoutFor(call)
  const weights = weightsOf({ layout })
  const arrays = new Map<string, Float32Array>()
  const scalars = new Map<string, number>()
  for (const node of graph.nodes) {
    if (node.kind !== 'input') continue
    if (node.rate === 'element') arrays.set(node.name, arrayInput(call, node.name, weights))
    else scalars.set(node.name, scalarInput(call, node.name))
  }
  return { call, graph, layout, arrays, scalars, outputs: outputArrays(call, graph, layout) }
}

function arrayInput({ fn, inputs }: LaneCall<Float32Array>, name: string, expected: number): Float32Array {
  const given = inputs[name]
  if (given === undefined) throw new TypeError(`${fn.name}: input '${name}' is missing`)
  if (typeof given === 'number') return new Float32Array(expected).fill(given)
  if (given.length !== expected) {
    throw new RangeError(`${fn.name}: input '${name}': expected ${expected} weights, found ${given.length}`)
  }
  return given
}

function scalarInput({ fn, inputs }: LaneCall<Float32Array>, name: string): number {
  const given = inputs[name]
  if (given === undefined) throw new TypeError(`${fn.name}: scalar '${name}' is missing`)
  if (typeof given === 'number') return given
  if (given.length !== 1)
    throw new RangeError(`${fn.name}: scalar '${name}': expected a single value, found ${given.length}`)
  return given[0]!
}

/** Without a layout, all weights of the first array are one block. */
function layoutFor(call: LaneCall<Float32Array>): BlockLayout {
  if (call.layout) return call.layout
  const array = call.fn.inputs
    .map((name) => call.inputs[name])
    .find((given) => given !== undefined && typeof given !== 'number')
  return flatLayout(array?.length ?? 1)
}

function outputArrays(
  { fn, into = {} }: LaneCall<Float32Array>,
  graph: LaneGraph,
  layout: BlockLayout,
): Tree<Float32Array> {
  const unknown = Object.keys(into).find((name) => !fn.outputs.includes(name))
  if (unknown !== undefined) {
    throw new TypeError(`${fn.name}: into: '${unknown}' is not an output; outputs: ${fn.outputs.join(', ')}`)
  }
  return Object.fromEntries(
    Object.entries(graph.outputs).map(([name, { rate }]) => {
      const length =
        rate === 'element'
          ? layout.outer * layout.length * layout.inner
          : rate === 'block'
            ? layout.blocks
            : 1
      const given = into[name]
      if (given && given.length !== length) {
        throw new RangeError(
          `${fn.name}: output '${name}': expected an array of ${length} (one value a ${UNIT[rate]}), found ${given.length}`,
        )
      }
      return [name, given ?? new Float32Array(length)]
    }),
  )
}

const UNIT = { element: 'weight', block: 'block', call: 'call', literal: 'call' } as const
