// Last stage of a trace: graph → bytes of an ONNX file, which any ONNX runtime loads. Comes in: an OnnxGraph.
// Goes out: a serialized ModelProto (IR 10, opset 21, com.microsoft 1). Weights are graph inputs, so the file
// is small.

import { onnxMessages, protobuf, type OnnxNode, type OnnxValue } from '@lotion/core/internal'
import type { Shape } from '@lotion/core'
import type { OnnxGraph } from './onnx-graph.js'

const { graphFields, initializerOpening, modelAround, nodeField, valueField } = onnxMessages

/** A constant of any type that is written. */
export interface EncodedConstant extends OnnxValue {
  readonly shape: Shape
  /** Little-endian, in row-major order. */
  readonly bytes: Uint8Array
}

/** A graph whose values may be of types that no trace has. */
export interface EncodedGraph {
  readonly name: string
  readonly inputs: readonly OnnxValue[]
  readonly outputs: readonly OnnxValue[]
  readonly constants: readonly EncodedConstant[]
  readonly nodes: readonly OnnxNode[]
}

/**
 * Serialize a graph to an ONNX model: ModelProto, IR 10, opset 21.
 * @param graph Its constants become part of the bytes.
 * @experimental
 */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  return encodeGraph(graph)
}

/** The same for graphs that no trace made. */
export function encodeGraph({ name, nodes, constants, inputs, outputs }: EncodedGraph): Uint8Array {
  const fields = protobuf.joined([
    ...nodes.map(nodeField),
    protobuf.string(graphFields.name, name),
    ...constants.flatMap((constant) => [initializerOpening(constant, constant.bytes.length), constant.bytes]),
    ...inputs.map((value) => valueField('input', value)),
    ...outputs.map((value) => valueField('output', value)),
  ])
  const { before, after } = modelAround('@lotion/onnx', fields.length, ['com.microsoft'])
  return protobuf.joined([before, fields, after])
}
