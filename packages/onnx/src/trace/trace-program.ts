// Front of the engine: a tfjs function and the shapes of its arguments → ONNX graph, by running it once on
// recorded tensors. Comes in: a Program or forward function, parameter shapes, batch shapes. Goes out: the
// graph, with its inputs and outputs by name.

import {
  guardedBatch,
  mapTree,
  wantedGradients,
  type IdRange,
  type Program,
  type Shape,
  type Tree,
} from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import { indexReads, valueAndGradients } from '@lotion/tfjs'
import * as tf from '@tensorflow/tfjs-core'
import { graphBuilder, type GraphBuilder } from '../graph/graph-builder.js'
import type { GraphTensor, OnnxGraph } from '../graph/onnx-graph.js'
import { cast } from '../graph/operators.js'
import { referenceSeconds } from './reference-cost.js'
import { traceSettings, type TraceOptions } from './trace-options.js'
import { tracedScope, type TraceSettings } from './traced-scope.js'

/** Describe a batch array without its data. @experimental */
export interface BatchPort {
  /** Extents that the graph is made for; another shape needs another trace. */
  readonly shape: Shape
  /** int32 for an Int32Array of the batch, float32 for a Float32Array. */
  readonly dtype: 'float32' | 'int32'
}

/** Name a graph input or output and the array that it carries. @experimental */
export interface Port {
  /** Name in the graph. */
  readonly name: string
  /** Name in the caller's tree. */
  readonly key: string
  /** Extents that a run must give, or that it gets. */
  readonly shape: Shape
  /** Element type that a run must give, or that it gets. */
  readonly dtype: 'float32' | 'int32'
}

/** Hold a traced function: parameter inputs first, then batch inputs. @experimental */
export interface TracedFunction {
  /** The computation; `encodeModel` makes an ONNX file of it. */
  readonly graph: OnnxGraph
  /** Graph inputs that weights are given to, in the order of the program's shapes. */
  readonly parameters: readonly Port[]
  /** Graph inputs that the arrays of a batch are given to. */
  readonly batch: readonly Port[]
  /** Graph outputs, in their order; those of `traceGradients` begin with the loss. */
  readonly outputs: readonly Port[]
  /** Ranges of the batch arrays that the function reads as indices, as they came. */
  readonly ids: Tree<IdRange>
  /** What the function takes on tfjs's cpu backend, foreseen from its shapes. */
  readonly referenceSeconds: number
}

type Tensors = Tree<tf.Tensor>

const optionNames: Readonly<Record<keyof TraceOptions, true>> = { kernels: true, maxConstantBytes: true }

/**
 * Trace loss and gradients. Output 0 is the loss (key 'loss'); then one output for each parameter that the
 * loss depends on, under the parameter's name, in parameter order.
 * @param program Its loss is traced once, with the shapes below.
 * @param batch All arrays of a batch by name, without data.
 * @param options Kernel rules, and how large constants may be.
 * @param of Parameters whose gradients are wanted; others are left out of the graph. Default: all.
 * @throws by name, for anything that a graph cannot hold (see the tracing rules in this package's README).
 * @experimental
 * @example
 * ```ts
 * import type { Program } from '@lotion/core'
 * import { encodeModel, traceGradients } from '@lotion/onnx/trace'
 * import * as tf from '@tensorflow/tfjs-core'
 * import '@tensorflow/tfjs-backend-cpu'
 *
 * const program: Program<tf.Tensor> = {
 *   name: 'slope',
 *   shapes: { slope: [] },
 *   loss: ({ slope }, { x, y }) => tf.mean(tf.squaredDifference(tf.mul(x, slope), y)),
 *   terms: ({ x }) => x.data.length,
 * }
 * const port = { shape: [3], dtype: 'float32' } as const
 * const traced = traceGradients(program, { x: port, y: port })
 * console.log(traced.outputs.map(({ key }) => key), encodeModel(traced.graph).length)
 * ```
 */
export function traceGradients(
  program: Program<tf.Tensor>,
  batch: Tree<BatchPort>,
  options: TraceOptions = {},
  of?: readonly string[],
): TracedFunction {
  refuseUnknownKeys('traceGradients', options, optionNames)
  const wanted = wantedGradients(program, of)
  return trace(program.name, program.shapes, batch, options, (params, inputs, value) => {
    const weights = Object.entries(params).filter(([key]) => Object.hasOwn(wanted, key))
    const loss = (): tf.Tensor => program.loss(params, inputs)
    const xs = weights.map(([, tensor]) => tensor)
    const found = valueAndGradients(tf, program.name, loss, xs)
    const gradients = weights.flatMap(([key], i) => {
      const gradient = found.gradients[i]
      return gradient === undefined ? [] : [[key, value(gradient)] as const]
    })
    return [['loss', value(found.value)] as const, ...gradients]
  })
}

/**
 * Trace a forward function; every output is converted to float32.
 * @param name Of the graph, for messages.
 * @param fn Traced once; makes float32, int32 or bool tensors by name.
 * @param shapes Extents of the parameters by name.
 * @param batch All arrays of a batch by name, without data.
 * @throws as `traceGradients`.
 * @experimental
 */
export function traceForward(
  name: string,
  fn: (params: Tensors, batch: Tensors) => Tensors,
  shapes: Tree<Shape>,
  batch: Tree<BatchPort>,
  options: TraceOptions = {},
): TracedFunction {
  refuseUnknownKeys('traceForward', options, optionNames)
  return trace(name, shapes, batch, options, (params, inputs, value, graph) =>
    Object.entries(fn(params, inputs)).map(
      ([key, tensor]) => [key, cast(graph, value(tensor), 'float32')] as const,
    ),
  )
}

function trace(
  name: string,
  shapes: Tree<Shape>,
  batchPorts: Tree<BatchPort>,
  options: TraceOptions,
  run: (
    params: Tensors,
    batch: Tensors,
    value: (tensor: tf.Tensor) => GraphTensor,
    graph: GraphBuilder,
  ) => readonly (readonly [key: string, value: GraphTensor])[],
): TracedFunction {
  const settings = traceSettings(name, options)
  const graph = graphBuilder()
  const declare = (kind: string, key: string, port: BatchPort): Port & { readonly value: GraphTensor } => {
    const value = graph.input(`${kind}:${key}`, port)
    return { name: value.name, key, shape: port.shape, dtype: port.dtype, value }
  }
  const parameters = Object.entries(shapes).map(([key, shape]) =>
    declare('parameter', key, { shape, dtype: 'float32' }),
  )
  const batch = Object.entries(batchPorts).map(([key, port]) => declare('batch', key, port))
  const integers = batch.filter(({ dtype }) => dtype === 'int32')
  const reads = indexReads(new Map(integers.map((port) => [port.name, port.key])))
  const ids: Record<string, IdRange> = {}
  let seconds = 0
  const watch: TraceSettings['watch'] = (kernel, values, attributes) => {
    const operands = mapTree(values, ({ name: identity, shape }) => ({ identity, shape }))
    const read = reads.reads(kernel, operands, { ...attributes })
    // A table with fewer rows than another that the same ids are looked up in sets the range.
    if (read) ids[read.key] = { below: Math.min(read.below, ids[read.key]?.below ?? read.below) }
    return (result) => {
      seconds += referenceSeconds(kernel, values, result, { ...attributes })
      reads.follow(kernel, operands, result.name)
    }
  }
  const results = tracedScope({ graph, ...settings, watch }, ({ tensor, value }) => {
    const tensors = (ports: typeof batch): Tensors =>
      Object.fromEntries(ports.map((port) => [port.key, tensor(port.value)]))
    return run(tensors(parameters), guardedBatch(tensors(batch)), value, graph)
  })
  const finished = graph.finish(
    name,
    results.map(([, value]) => value),
  )
  const outputs = results.map(([key], i): Port => {
    const { name: output = '', shape = [] } = finished.outputs[i] ?? {}
    return { name: output, key, shape, dtype: 'float32' }
  })
  return { graph: finished, parameters, batch, outputs, ids, referenceSeconds: seconds }
}
