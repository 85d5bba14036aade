// An ONNX graph whose extents are known at run time. Comes in: operators, constants, weights. Goes out: a
// record of all of them, in order; equal constants are one. Source: ONNX operator specifications, opset 21.

import type { Shape } from '@lotion/core'
import type { OnnxAttribute, OnnxNode, OnnxValue } from '@lotion/core/internal'

/** Data of a constant; those that are large are made when their turn comes. */
export interface Initializer extends OnnxValue {
  readonly shape: Shape
  /** Bytes that there are. */
  readonly bytes: number
  data(): Promise<Uint8Array>
}

/** A whole graph. */
export interface OpenGraph {
  readonly name: string
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
  readonly nodes: readonly OnnxNode[]
  readonly initializers: readonly Initializer[]
}

/** What is given to an operator: names of values. */
type Operands = readonly string[]

/** Adds operators; a value is its name. */
export interface GraphWriter {
  readonly nodes: readonly OnnxNode[]
  readonly initializers: readonly Initializer[]
  /**
   * Add an operator with one output.
   * @param name Of the output. Default: one that nobody else has.
   */
  emit(
    op: string,
    inputs: Operands,
    attributes?: Readonly<Record<string, OnnxAttribute>>,
    name?: string,
  ): string
  /** Add an operator with some outputs. */
  emitMany(
    op: string,
    inputs: Operands,
    outputs: number,
    attributes?: Readonly<Record<string, OnnxAttribute>>,
  ): readonly string[]
  /** Add a constant of f32 numbers; [] is a scalar. */
  floats(values: readonly number[], shape: Shape): string
  /** Add a vector of int64: a shape, axes, starts; a scalar if `shape` is []. */
  int64s(values: readonly number[], shape?: Shape): string
  /** Add a constant under a name of its own. */
  initializer(constant: Initializer): void
  /** Add an operator under names of its own. */
  node(node: OnnxNode): void
}

/** Begin a graph. */
export function graphWriter(): GraphWriter {
  const nodes: OnnxNode[] = []
  const initializers: Initializer[] = []
  const constants = new Map<string, string>()
  let count = 0
  const fresh = (): string => `/${count++}`
  const append: GraphWriter['emit'] = (op, inputs, attributes = {}, name = fresh()) => {
    nodes.push({ op, domain: '', inputs, outputs: [name], attributes })
    return name
  }
  const constant = (dtype: 'float32' | 'int64', data: Float32Array | BigInt64Array, shape: Shape): string => {
    const key = `${dtype}[${shape.join()}]${data.join()}`
    const known = constants.get(key)
    if (known !== undefined) return known
    const name = fresh()
    const bytes = new Uint8Array(data.buffer)
    initializers.push({ name, dtype, shape, bytes: bytes.length, data: async () => bytes })
    constants.set(key, name)
    return name
  }
  return {
    nodes,
    initializers,
    emit: append,
    emitMany(op, inputs, outputs, attributes = {}) {
      const names = Array.from({ length: outputs }, fresh)
      nodes.push({ op, domain: '', inputs, outputs: names, attributes })
      return names
    },
    floats: (values, shape) => constant('float32', Float32Array.from(values), shape),
    int64s: (values, shape = [values.length]) => constant('int64', BigInt64Array.from(values, BigInt), shape),
    initializer: (added) => void initializers.push(added),
    node: (added) => void nodes.push(added),
  }
}
