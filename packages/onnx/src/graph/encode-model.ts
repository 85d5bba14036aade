// Last stage of a trace: graph → bytes of an ONNX file, which any ONNX runtime loads.
// In: an OnnxGraph. Out: a serialized ModelProto (IR 10, opset 21, com.microsoft 1). Weights are graph inputs, so the file is small.

import type { Attribute, GraphConstant, GraphNode, GraphTensor, OnnxGraph } from './onnx-graph.js'
import { attributeType, modelProto, tensorDataType } from './onnx-schema.js'

/** Newest operator set whose kernels this package's rules were checked against. */
export const opsetVersion = 21

const irVersion = 10

/** Serialize a graph to an ONNX model. */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  const message = modelProto.fromObject({
    irVersion,
    producerName: '@lotion/onnx',
    opsetImport: [
      { domain: '', version: opsetVersion },
      { domain: 'com.microsoft', version: 1 },
    ],
    graph: {
      name: graph.name,
      node: graph.nodes.map(nodeMessage),
      initializer: graph.constants.map(constantMessage),
      input: graph.inputs.map(valueMessage),
      output: graph.outputs.map(valueMessage),
    },
  })
  return modelProto.encode(message).finish()
}

const nodeMessage = (node: GraphNode, index: number): object => ({
  input: node.inputs,
  output: node.outputs,
  name: `${node.op}_${index}`,
  opType: node.op,
  domain: node.domain,
  attribute: Object.entries(node.attributes).map(([name, value]) => ({ name, ...attributeMessage(value) })),
})

function attributeMessage(value: Attribute): object {
  if ('int' in value) return { type: attributeType.int, i: value.int }
  if ('float' in value) return { type: attributeType.float, f: value.float }
  if ('ints' in value) return { type: attributeType.ints, ints: value.ints }
  if ('floats' in value) return { type: attributeType.floats, floats: value.floats }
  return { type: attributeType.string, s: Buffer.from(value.string, 'utf8') }
}

const constantMessage = (constant: GraphConstant): object => ({
  name: constant.name,
  dims: constant.shape,
  dataType: tensorDataType[constant.dtype],
  rawData: constant.bytes,
})

const valueMessage = (value: GraphTensor): object => ({
  name: value.name,
  type: {
    tensorType: {
      elemType: tensorDataType[value.dtype],
      shape: { dim: value.shape.map((dimValue) => ({ dimValue })) },
    },
  },
})
