// A lane call whose arguments have been checked: nothing can fail once weights are being written.
// Comes in: a lane call over arrays of any kind. Goes out: inputs and output sizes by name.
// Source: docs/design/02-lanes.md.

import { flatLayout, sizeOf, weightsOf, type BlockLayout } from '../blocks.js'
import type { Shape, Tree } from '../contracts.js'
import type { LaneCall } from '../executor.js'
import { trace } from '../lanes/lane.js'
import type { LaneGraph } from '../lanes/node.js'
import { countOf } from '../schedule/block-walk.js'

/** What a call reads and writes. */
export interface CheckedCall<A> {
  readonly call: LaneCall<A>
  readonly graph: LaneGraph
  readonly layout: BlockLayout
  /** Weights of the layout. */
  readonly weights: number
  /** Inputs that the formula reads, by name: an array of one value a weight, or a number for all weights. */
  readonly inputs: ReadonlyMap<string, A | number>
  /** Scalars that the formula reads, by name: a number, or an array of one value. */
  readonly scalars: ReadonlyMap<string, A | number>
  /** Values of every output, in the order of the formula's outputs. */
  readonly lengths: Tree<number>
}

/**
 * Check a call; `lengthOf` counts an array's values.
 * @throws if an array or scalar is missing, or has another size than the layout says, or `into` names what is
 * no output.
 */
export function checkCall<A>(call: LaneCall<A>, lengthOf: (array: A) => number): CheckedCall<A> {
  const graph = trace(call.fn)
  const layout = call.layout ?? flatLayout(firstLength(call, lengthOf))
  const weights = weightsOf(layout)
  const inputs = new Map<string, A | number>()
  const scalars = new Map<string, A | number>()
  for (const node of graph.nodes) {
    if (node.kind !== 'input') continue
    const perWeight = node.rate === 'element'
    const given = call.inputs[node.name]
    if (given === undefined)
      throw new TypeError(`${call.fn.name}: ${perWeight ? 'input' : 'scalar'} '${node.name}' is missing`)
    if (typeof given !== 'number')
      expectLength(call, node.name, lengthOf(given), perWeight ? weights : 1, perWeight)
    ;(perWeight ? inputs : scalars).set(node.name, given)
  }
  return {
    call,
    graph,
    layout,
    weights,
    inputs,
    scalars,
    lengths: outputLengths(call, graph, layout, lengthOf),
  }
}

function expectLength<A>(
  { fn }: LaneCall<A>,
  name: string,
  found: number,
  expected: number,
  perWeight: boolean,
): void {
  if (found === expected) return
  throw new RangeError(
    perWeight
      ? `${fn.name}: input '${name}': expected ${expected} weights, found ${found}`
      : `${fn.name}: scalar '${name}': expected a single value, found ${found}`,
  )
}

/** Without a layout, all weights of the first array are one block. */
function firstLength<A>({ fn, inputs }: LaneCall<A>, lengthOf: (array: A) => number): number {
  for (const name of fn.inputs) {
    const given = inputs[name]
    if (given !== undefined && typeof given !== 'number') return lengthOf(given)
  }
  return 1
}

function outputLengths<A>(
  { fn, into = {} }: LaneCall<A>,
  graph: LaneGraph,
  layout: BlockLayout,
  lengthOf: (array: A) => number,
): Tree<number> {
  const unknown = Object.keys(into).find((name) => !fn.outputs.includes(name))
  if (unknown !== undefined) {
    throw new TypeError(`${fn.name}: into: '${unknown}' is not an output; outputs: ${fn.outputs.join(', ')}`)
  }
  return Object.fromEntries(
    Object.entries(graph.outputs).map(([name, { rate }]) => {
      const length = countOf(rate, layout)
      const given = into[name]
      if (given !== undefined && lengthOf(given) !== length) {
        throw new RangeError(
          `${fn.name}: output '${name}': expected an array of ${length} (one value a ${unitOfRate[rate]}), found ${lengthOf(given)}`,
        )
      }
      return [name, length]
    }),
  )
}

const unitOfRate = { element: 'weight', block: 'block', call: 'call', literal: 'call' } as const

/**
 * Check that an executor's `upload` got as many values as the shape has.
 * @param values The values on the host, of which only the number counts.
 * @param shape Extents of the array they are meant for.
 * @throws RangeError if not.
 */
export function checkUpload({ length }: ArrayLike<number>, shape: Shape): void {
  if (length === sizeOf(shape)) return
  throw new RangeError(
    `data: expected ${sizeOf(shape)} values for shape [${shape.join(', ')}], found ${length}`,
  )
}
