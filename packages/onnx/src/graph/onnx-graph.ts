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
  /** Unlike all other names of the graph; nodes refer to the value by it. */
  readonly name: string
  /** Static extents; [] is a scalar. */
  readonly shape: Shape
  /** Type of its elements. */
  readonly dtype: GraphType
}

/** Hold a constant: little-endian bytes of its elements (bool: one byte each). @experimental */
export interface GraphConstant extends GraphTensor {
  /** Elements in row-major order, as many as `shape` and `dtype` ask for. */
  readonly bytes: Uint8Array
}

/** Hold one node attribute; ONNX tells integers from floats, JavaScript does not. @experimental */
export type Attribute =
  | {
      /** A whole number, written as int64. */
      readonly int: number
    }
  | {
      /** Written as float32. */
      readonly float: number
    }
  | {
      /** Whole numbers, each written as int64. */
      readonly ints: readonly number[]
    }
  | {
      /** Each written as float32. */
      readonly floats: readonly number[]
    }
  | {
      /** Written as UTF-8. */
      readonly string: string
    }

/** Apply one operator. An omitted optional input is the empty name. @experimental */
export interface GraphNode {
  /** Operator of the domain's set, such as `MatMul`. */
  readonly op: string
  /** '' is the standard operator set, 'com.microsoft' onnxruntime's own. */
  readonly domain: string
  /** Names of values, in the operator's order. */
  readonly inputs: readonly string[]
  /** Names that its results get, in the operator's order. */
  readonly outputs: readonly string[]
  /** Settings of the operator by name; those that are absent have the operator's own defaults. */
  readonly attributes: Readonly<Record<string, Attribute>>
}

/** Hold a whole graph: nodes in execution order. @experimental */
export interface OnnxGraph {
  /** For people: of the program that was traced. */
  readonly name: string
  /** What a run must be given: parameters, then the batch. */
  readonly inputs: readonly GraphTensor[]
  /** What a run gives, in their order. */
  readonly outputs: readonly GraphTensor[]
  /** Values that stand in the model itself. */
  readonly constants: readonly GraphConstant[]
  /** Each after the nodes that make its inputs. */
  readonly nodes: readonly GraphNode[]
}
