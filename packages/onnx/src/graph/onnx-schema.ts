// The ONNX messages that a traced graph needs, as a protobufjs descriptor.
// In: nothing. Out: the ModelProto message type. Source: onnx.proto3 of the ONNX specification (field numbers and types).

import protobuf from 'protobufjs/light.js'

/** Numbers of TensorProto.DataType. */
export const tensorDataType = Object.freeze({ float32: 1, int32: 6, int64: 7, bool: 9 })

/** Numbers of AttributeProto.AttributeType. */
export const attributeType = Object.freeze({ float: 1, int: 2, string: 3, floats: 6, ints: 7 })

const one = (type: string, id: number) => ({ type, id })
const many = (type: string, id: number) => ({ rule: 'repeated', type, id })

const root = protobuf.Root.fromJSON({
  nested: {
    onnx: {
      nested: {
        ModelProto: {
          fields: {
            irVersion: one('int64', 1),
            producerName: one('string', 2),
            graph: one('GraphProto', 7),
            opsetImport: many('OperatorSetIdProto', 8),
          },
        },
        OperatorSetIdProto: { fields: { domain: one('string', 1), version: one('int64', 2) } },
        GraphProto: {
          fields: {
            node: many('NodeProto', 1),
            name: one('string', 2),
            initializer: many('TensorProto', 5),
            input: many('ValueInfoProto', 11),
            output: many('ValueInfoProto', 12),
          },
        },
        NodeProto: {
          fields: {
            input: many('string', 1),
            output: many('string', 2),
            name: one('string', 3),
            opType: one('string', 4),
            attribute: many('AttributeProto', 5),
            domain: one('string', 7),
          },
        },
        AttributeProto: {
          fields: {
            name: one('string', 1),
            f: one('float', 2),
            i: one('int64', 3),
            s: one('bytes', 4),
            floats: many('float', 7),
            ints: many('int64', 8),
            type: one('int32', 20),
          },
        },
        TensorProto: {
          fields: {
            dims: many('int64', 1),
            dataType: one('int32', 2),
            name: one('string', 8),
            rawData: one('bytes', 9),
          },
        },
        ValueInfoProto: { fields: { name: one('string', 1), type: one('TypeProto', 2) } },
        TypeProto: {
          fields: { tensorType: one('Tensor', 1) },
          nested: { Tensor: { fields: { elemType: one('int32', 1), shape: one('TensorShapeProto', 2) } } },
        },
        TensorShapeProto: {
          fields: { dim: many('Dimension', 1) },
          nested: { Dimension: { fields: { dimValue: one('int64', 1) } } },
        },
      },
    },
  },
})

/** Encode and decode ModelProto, the outermost ONNX message. */
export const modelProto = root.lookupType('onnx.ModelProto')
