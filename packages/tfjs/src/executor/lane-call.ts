// A lane call over tensors whose arguments have been checked: nothing can fail once variables are being
// assigned. Comes in: lane calls. Goes out: tensors, scalars and targets by name.
// Source: docs/design/02-lanes.md.

import { mapTree, type LaneCall, type Shape, type Tree } from '@lotion/core'
import { checkCall, type CheckedCall } from '@lotion/core/internal'
import type * as tfjs from '@tensorflow/tfjs-core'

/** What a call reads and writes. */
export interface TensorCall extends Pick<CheckedCall<tfjs.Tensor>, 'graph' | 'layout'> {
  readonly fn: LaneCall<tfjs.Tensor>['fn']
  /** Inputs and scalars; a number stands for every weight. */
  readonly inputs: ReadonlyMap<string, tfjs.Tensor | number>
  /** Shape of every output. */
  readonly shapes: Tree<Shape>
  /** Variables to be assigned, by output. */
  readonly into: Tree<tfjs.Variable>
}

/** Check a call. @throws as `checkCall` does, and if a tensor is no float32 or a target no variable. */
export function tensorCall(call: LaneCall<tfjs.Tensor>): TensorCall {
  const { fn, into = {} } = call
  const { graph, layout, weights, lengths, ...given } = checkCall(call, ({ size }) => size)
  const inputs = new Map([...given.inputs, ...given.scalars])
  for (const [name, x] of inputs) if (typeof x === 'object') expectFloat(`${fn.name}: '${name}'`, x)
  const like = fn.inputs.map((name) => call.inputs[name]).find((x) => typeof x === 'object')
  const shapes = mapTree(lengths, (length, name): Shape => {
    if (into[name]) return into[name].shape
    return graph.outputs[name]!.rate === 'element' && like?.size === weights ? like.shape : [length]
  })
  return { fn, graph, layout, inputs, shapes, into: mapTree(into, (x, name) => variableOf(fn.name, name, x)) }
}

function variableOf(fn: string, name: string, target: tfjs.Tensor): tfjs.Variable {
  if (!isVariable(target)) {
    throw new TypeError(
      `${fn}: into: '${name}': expected a tf.Variable, found a tf.Tensor, which cannot be written to; ` +
        'take arrays of zeros() or upload(), or tf.variable(x)',
    )
  }
  expectFloat(`${fn}: into: '${name}'`, target)
  return target
}

function expectFloat(what: string, x: tfjs.Tensor): void {
  if (x.dtype !== 'float32')
    throw new TypeError(`${what}: expected a float32 tensor, found ${x.dtype}; cast it`)
}

const isVariable = (x: tfjs.Tensor): x is tfjs.Variable => 'assign' in x
