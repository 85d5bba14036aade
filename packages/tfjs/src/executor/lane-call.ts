// A lane call over tensors whose arguments have been checked: nothing can fail once variables are being assigned.
// Comes in: lane calls. Goes out: tensors, scalars and targets by name. Source: docs/design/02-lanes.md.

import {
  flatLayout,
  trace,
  type BlockLayout,
  type LaneCall,
  type LaneGraph,
  type LaneNode,
  type Shape,
  type Tree,
} from '@lotion/core'
import type * as tfjs from '@tensorflow/tfjs'

/** What a call reads and writes. */
export interface TensorCall {
  readonly fn: LaneCall<tfjs.Tensor>['fn']
  readonly graph: LaneGraph
  readonly layout: BlockLayout
  /** Inputs and scalars; a number stands for every weight. */
  readonly inputs: ReadonlyMap<string, tfjs.Tensor | number>
  /** Shape of every output. */
  readonly shapes: Tree<Shape>
  /** Variables to be assigned, by output. */
  readonly into: Tree<tfjs.Variable>
}

/**
 * Check a call.
 * @throws if a tensor or scalar is missing, is no float32, has another size than the layout says, or a target is no variable.
 */
export function tensorCall(call: LaneCall<tfjs.Tensor>): TensorCall {
  const { fn, into = {} } = call
  const graph = trace(fn)
  const like = fn.inputs.map((name) => call.inputs[name]).find((given) => typeof given === 'object')
  const layout = call.layout ?? flatLayout(like?.size ?? 1)
  const weights = layout.outer * layout.length * layout.inner
  const inputs = new Map<string, tfjs.Tensor | number>()
  for (const node of graph.nodes)
    if (node.kind === 'input') inputs.set(node.name, inputOf(call, node, weights))
  const unknown = Object.keys(into).find((name) => !fn.outputs.includes(name))
  if (unknown !== undefined)
    throw new TypeError(`${fn.name}: into: '${unknown}' is not an output; outputs: ${fn.outputs.join(', ')}`)
  const targets: Record<string, tfjs.Variable> = {}
  const shapes: Record<string, Shape> = {}
  for (const [name, node] of Object.entries(graph.outputs)) {
    const size = node.rate === 'element' ? weights : node.rate === 'block' ? layout.blocks : 1
    const target = into[name]
    if (target) targets[name] = targetOf(fn.name, name, target, size)
    shapes[name] = target?.shape ?? (node.rate === 'element' && like?.size === size ? like.shape : [size])
  }
  return { fn, graph, layout, inputs, shapes, into: targets }
}

function inputOf(
  { fn, inputs }: LaneCall<tfjs.Tensor>,
  { name, rate }: LaneNode & { readonly kind: 'input' },
  weights: number,
): tfjs.Tensor | number {
  const [what, expected] = rate === 'element' ? ['input', weights] : ['scalar', 1]
  const given = inputs[name]
  if (given === undefined) throw new TypeError(`${fn.name}: ${what} '${name}' is missing`)
  if (typeof given === 'number') return given
  if (given.dtype !== 'float32') {
    throw new TypeError(
      `${fn.name}: ${what} '${name}': expected a float32 tensor, found ${given.dtype}; cast it`,
    )
  }
  if (given.size !== expected) {
    throw new RangeError(`${fn.name}: ${what} '${name}': expected ${expected} values, found ${given.size}`)
  }
  return given
}

function targetOf(fn: string, name: string, target: tfjs.Tensor, size: number): tfjs.Variable {
  if (!isVariable(target)) {
    throw new TypeError(
      `${fn}: into: '${name}': expected a tf.Variable, found a tf.Tensor, which cannot be written to; ` +
        'take arrays of zeros() or upload(), or tf.variable(x)',
    )
  }
  if (target.dtype !== 'float32' || target.size !== size) {
    throw new RangeError(
      `${fn}: output '${name}': expected a float32 variable of ${size} values, found ${target.dtype} [${target.shape.join(', ')}]`,
    )
  }
  return target
}

const isVariable = (x: tfjs.Tensor): x is tfjs.Variable => 'assign' in x
