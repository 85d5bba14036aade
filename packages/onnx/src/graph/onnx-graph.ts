// The traced computation as data: what the tracer writes and the protobuf encoder reads.
// Comes in: nothing. Goes out: types only. Source: the ONNX specification (IR and operators, opset 21).

import type { Shape } from '@lotion/core'

/**
 * Element types that occur in traced graphs; int64 serves ONNX shape and axis operands only.
 * @experimental
 */
export type GraphType = 'float32' | 'int32' | 'int64' | 'bool'

/** Name one value of the graph, with its static shape. @experimental */
export interface GraphTensor {
  readonly name: string
  readonly shape: Shape
  readonly dtype: GraphType
}

/** Hold a constant: little-endian bytes of its elements (bool: one byte each). @experimental */
export interface GraphConstant extends GraphTensor {
  readonly bytes: Uint8Array
}

/** Hold one node attribute; ONNX tells integers from floats, JavaScript does not. @experimental */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly string: string }

/** Apply one operator. An omitted optional input is the empty name. @experimental */
export interface GraphNode {
  readonly op: string
  /** '' is the standard operator set, 'com.microsoft' onnxruntime's own. */
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

/** Hold a whole graph: nodes in execution order. @experimental */
export interface OnnxGraph {
  readonly name: string
  readonly inputs: readonly GraphTensor[]
  readonly outputs: readonly GraphTensor[]
  readonly constants: readonly GraphConstant[]
  readonly nodes: readonly GraphNode[]
}
