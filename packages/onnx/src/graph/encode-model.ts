// Last stage of a trace: graph → bytes of an ONNX file, which any ONNX runtime loads. Comes in: an OnnxGraph.
// Goes out: a serialized ModelProto (IR 10, opset 21, com.microsoft 1). Weights are graph inputs, so the file
// is small.
// Source: onnx.proto3 of the ONNX specification (field numbers and types).

import { protobuf } from '@lotion/core/internal'
import type { Attribute, GraphConstant, GraphNode, GraphTensor, OnnxGraph } from './onnx-graph.js'

const { bytes, float, floats, integer, integers, joined, message, string } = protobuf

/** Newest operator set whose kernels this package's rules were checked against. */
export const OPSET_VERSION = 21

/** Numbers of TensorProto.DataType. */
export const tensorDataType = Object.freeze({ float32: 1, int32: 6, int64: 7, bool: 9 })

/** Numbers of AttributeProto.AttributeType. */
const attributeType = { float: 1, int: 2, string: 3, floats: 6, ints: 7 } as const

const IR_VERSION = 10

/**
 * Serialize a graph to an ONNX model: ModelProto, IR 10, opset 21.
 * @param graph Its constants become part of the bytes.
 * @experimental
 */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  return joined([
    integer(1, IR_VERSION),
    string(2, '@lotion/onnx'),
    message(
      7,
      ...graph.nodes.map((node, i) => message(1, ...nodeFields(node, i))),
      string(2, graph.name),
      ...graph.constants.map((constant) => message(5, ...constantFields(constant))),
      ...graph.inputs.map((value) => message(11, ...valueFields(value))),
      ...graph.outputs.map((value) => message(12, ...valueFields(value))),
    ),
    ...[
      ['', OPSET_VERSION],
      ['com.microsoft', 1],
    ].map(([domain, version]) => message(8, string(1, String(domain)), integer(2, Number(version)))),
  ])
}

/** NodeProto. */
const nodeFields = (node: GraphNode, index: number): readonly Uint8Array[] => [
  ...node.inputs.map((name) => string(1, name)),
  ...node.outputs.map((name) => string(2, name)),
  string(3, `${node.op}_${index}`),
  string(4, node.op),
  ...Object.entries(node.attributes).map(([name, value]) => attributeField(node, name, value)),
  string(7, node.domain),
]

function attributeField(node: GraphNode, name: string, value: Attribute): Uint8Array {
  try {
    return message(5, string(1, name), ...attributeFields(value))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new TypeError(`operator ${node.op}: attribute '${name}': ${reason}`, { cause: error })
  }
}

/** AttributeProto, but for its name. */
function attributeFields(value: Attribute): readonly Uint8Array[] {
  const type = (kind: keyof typeof attributeType): Uint8Array => integer(20, attributeType[kind])
  if ('int' in value) return [integer(3, value.int), type('int')]
  if ('float' in value) return [float(2, value.float), type('float')]
  if ('ints' in value) return [integers(8, value.ints), type('ints')]
  if ('floats' in value) return [floats(7, value.floats), type('floats')]
  return [string(4, value.string), type('string')]
}

/** TensorProto. */
const constantFields = (constant: GraphConstant): readonly Uint8Array[] => [
  integers(1, constant.shape),
  integer(2, tensorDataType[constant.dtype]),
  string(8, constant.name),
  bytes(9, constant.bytes),
]

/** ValueInfoProto of a tensor: its TypeProto is TypeProto.Tensor with a TensorShapeProto of Dimensions. */
const valueFields = (value: GraphTensor): readonly Uint8Array[] => [
  string(1, value.name),
  message(
    2,
    message(
      1,
      integer(1, tensorDataType[value.dtype]),
      message(2, ...value.shape.map((extent) => message(1, integer(1, extent)))),
    ),
  ),
]
