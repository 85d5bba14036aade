// Middle of a trace: kernel rules call it to add operators; it names values, shares equal ones and drops dead
// ones. Comes in: operators with statically shaped operands. Goes out: an OnnxGraph. Every operator used here
// is pure, so equal calls are one value.

import type { Shape } from '@lotion/core'
import { refuseUnorderedSums } from './order-of-sums.js'
import type { Attribute, GraphConstant, GraphNode, GraphTensor, GraphType, OnnxGraph } from './onnx-graph.js'

/** Describe a value before it has a name. @experimental */
export interface ValueSpec {
  /** Static extents; [] is a scalar. */
  readonly shape: Shape
  /** Type of its elements. */
  readonly dtype: GraphType
}

/** Hold the attributes of one operator by name. @experimental */
export type Attributes = Readonly<Record<string, Attribute>>

/**
 * Add operators to a graph. Shapes are the caller's: the builder infers none except where it says so.
 * @experimental
 */
export interface GraphBuilder {
  /**
   * Declare a graph input; inputs keep their order.
   * @param name In the caller's tree; in the graph `in:` stands before it.
   * @param spec What a run must give.
   */
  input(name: string, spec: ValueSpec): GraphTensor
  /**
   * Add an operator with one output. `undefined` operands are omitted optional inputs.
   * @param op ONNX's name of it, such as `MatMul`.
   * @param inputs In the operator's order.
   * @param output Shape and type of the result; not checked.
   * @param attributes By ONNX's names. Default: none.
   * @param domain The operator set. Default: ONNX's own.
   * @throws if the operator would combine repeated indices in no defined order (a scatter with a reduction).
   */
  emit(
    op: string,
    inputs: readonly (GraphTensor | undefined)[],
    output: ValueSpec,
    attributes?: Attributes,
    domain?: string,
  ): GraphTensor
  /**
   * Add an operator with several outputs.
   * @param op ONNX's name of it, such as `TopK`.
   * @param inputs In the operator's order; `undefined` for an optional one that is left out.
   * @param outputs Shapes and types of the results, in the operator's order; not checked.
   * @param attributes By ONNX's names. Default: none.
   * @param domain The operator set. Default: ONNX's own.
   */
  emitMany(
    op: string,
    inputs: readonly (GraphTensor | undefined)[],
    outputs: readonly ValueSpec[],
    attributes?: Attributes,
    domain?: string,
  ): readonly GraphTensor[]
  /**
   * Add a constant; equal constants are one.
   * @param values In row-major order, as many as the shape has places; for `bool` all but 0 is true.
   * @param spec Its shape and the type that values are converted to.
   */
  constant(values: ArrayLike<number>, spec: ValueSpec): GraphTensor
  /**
   * Add a scalar constant.
   * @param value Converted to the type.
   * @param dtype Default: float32.
   */
  scalar(value: number, dtype?: GraphType): GraphTensor
  /**
   * Add a vector of int64: a shape, axes, starts or counts.
   * @param values Whole numbers; the tensor's shape is [their number].
   */
  int64s(values: readonly number[]): GraphTensor
  /**
   * Finish: keep what the outputs depend on. Each output gets a name of its own.
   * @param name Of the graph, for messages of what runs it.
   * @param outputs What the graph gives, in this order.
   */
  finish(name: string, outputs: readonly GraphTensor[]): OnnxGraph
}

/** Make an empty graph builder. */
export function graphBuilder(): GraphBuilder {
  const inputs: GraphTensor[] = []
  const constants = new Map<string, GraphConstant>()
  const nodes: GraphNode[] = []
  const known = new Map<string, readonly GraphTensor[]>()
  let count = 0
  const fresh = (spec: ValueSpec): GraphTensor =>
    Object.freeze({ name: `v${count++}`, shape: Object.freeze([...spec.shape]), dtype: spec.dtype })

  const append = (
    op: string,
    operands: readonly (GraphTensor | undefined)[],
    outputs: readonly ValueSpec[],
    attributes: Attributes,
    domain: string,
  ): readonly GraphTensor[] => {
    refuseUnorderedSums(op, attributes)
    const results = outputs.map(fresh)
    nodes.push({
      op,
      domain,
      inputs: operands.map((operand) => operand?.name ?? ''),
      outputs: results.map(({ name }) => name),
      attributes,
    })
    return results
  }

  const emitMany: GraphBuilder['emitMany'] = (op, operands, outputs, attributes = {}, domain = '') => {
    const key = JSON.stringify([domain, op, operands.map((operand) => operand?.name), outputs, attributes])
    const before = known.get(key)
    if (before !== undefined) return before
    const results = append(op, operands, outputs, attributes, domain)
    known.set(key, results)
    return results
  }

  const constant = (values: ArrayLike<number>, spec: ValueSpec): GraphTensor => {
    const bytes = constantBytes(values, spec.dtype)
    const key = `${spec.dtype}[${spec.shape.join()}]${bytes.join()}`
    const before = constants.get(key)
    if (before !== undefined) return before
    const made = Object.freeze({ ...fresh(spec), bytes })
    constants.set(key, made)
    return made
  }

  const builder: GraphBuilder = {
    input(name, spec) {
      const tensor = Object.freeze({ ...fresh(spec), name: `in:${name}` })
      inputs.push(tensor)
      return tensor
    },
    emit: (op, operands, output, attributes, domain) =>
      onlyOne(emitMany(op, operands, [output], attributes, domain)),
    emitMany,
    constant,
    scalar: (value, dtype = 'float32') => constant([value], { shape: [], dtype }),
    int64s: (values) => constant(values, { shape: [values.length], dtype: 'int64' }),
    finish(name, wanted) {
      const made = new Set(nodes.flatMap((node) => node.outputs))
      const taken = new Set<string>()
      const outputs = wanted.map((tensor) => {
        // An output must be made by a node and be named once: inputs, constants and repeated outputs go
        // through Identity.
        const own = made.has(tensor.name) && !taken.has(tensor.name)
        const output = own ? tensor : onlyOne(append('Identity', [tensor], [tensor], {}, ''))
        taken.add(output.name)
        return output
      })
      const live = liveNodes(nodes, outputs)
      const used = new Set(live.flatMap((node) => node.inputs))
      return {
        name,
        inputs,
        outputs,
        constants: [...constants.values()].filter((value) => used.has(value.name)),
        nodes: live,
      }
    },
  }
  return Object.freeze(builder)
}

function liveNodes(nodes: readonly GraphNode[], outputs: readonly GraphTensor[]): readonly GraphNode[] {
  const needed = new Set(outputs.map(({ name }) => name))
  const kept = nodes.toReversed().filter((node) => {
    if (!node.outputs.some((output) => needed.has(output))) return false
    for (const input of node.inputs) needed.add(input)
    return true
  })
  return kept.reverse()
}

function onlyOne(tensors: readonly GraphTensor[]): GraphTensor {
  const [tensor] = tensors
  if (tensor === undefined || tensors.length !== 1)
    throw new Error(`expected one output, found ${tensors.length}`)
  return tensor
}

function constantBytes(values: ArrayLike<number>, dtype: GraphType): Uint8Array {
  if (dtype === 'int64') return bytesOf(BigInt64Array.from(Array.from(values), BigInt))
  if (dtype === 'float32') return bytesOf(Float32Array.from(values))
  if (dtype === 'int32') return bytesOf(Int32Array.from(values))
  return Uint8Array.from(values, (value) => (value === 0 ? 0 : 1))
}

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength).slice()
