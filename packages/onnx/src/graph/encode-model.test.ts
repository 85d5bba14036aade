// The file format, judged by another reader: protobufjs with a descriptor of the messages, from onnx.proto3.

import { onnxMessages } from '@lotion/core/internal'
import protobuf from 'protobufjs/light.js'
import { describe, expect, it } from 'vitest'
import { encodeModel } from './encode-model.js'
import { graphBuilder } from './graph-builder.js'

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

const modelProto = root.lookupType('onnx.ModelProto')

const vector = { shape: [3], dtype: 'float32' } as const

describe('encodeModel', () => {
  it('writes what the ONNX messages say', () => {
    const graph = graphBuilder()
    const x = graph.input('x', { shape: [2, 0], dtype: 'int32' })
    const y = graph.emit('Op', [undefined, x], vector, {
      i: { int: -3 },
      f: { float: 0.5 },
      is: { ints: [1, 2 ** 40] },
      fs: { floats: [0.25, -1] },
      s: { string: 'é' },
    })
    const sum = graph.emit('Add', [y, graph.int64s([-1, 2 ** 33])], vector, {}, 'com.microsoft')
    const message = modelProto.toObject(modelProto.decode(encodeModel(graph.finish('g', [sum]))), {
      longs: Number,
      bytes: String,
    })
    expect(message).toMatchObject({
      irVersion: 10,
      producerName: '@lotion/onnx',
      opsetImport: [{ version: onnxMessages.OPSET_VERSION }, { domain: 'com.microsoft', version: 1 }],
      graph: {
        name: 'g',
        node: [
          {
            opType: 'Op',
            input: ['', 'in:x'],
            attribute: [
              { name: 'i', type: 2, i: -3 },
              { name: 'f', type: 1, f: 0.5 },
              { name: 'is', type: 7, ints: [1, 2 ** 40] },
              { name: 'fs', type: 6, floats: [0.25, -1] },
              { name: 's', type: 3, s: Buffer.from('é').toString('base64') },
            ],
          },
          { opType: 'Add', domain: 'com.microsoft' },
        ],
        initializer: [
          {
            dims: [2],
            dataType: 7,
            rawData: Buffer.from(BigInt64Array.of(-1n, 2n ** 33n).buffer).toString('base64'),
          },
        ],
        input: [
          {
            name: 'in:x',
            type: { tensorType: { elemType: 6, shape: { dim: [{ dimValue: 2 }, { dimValue: 0 }] } } },
          },
        ],
        output: [{ type: { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 3 }] } } } }],
      },
    })
  })

  it('writes negative and large integers as 64 bits, and refuses what is no integer by name', () => {
    const values = [0, 127, 128, 2 ** 32, Number.MAX_SAFE_INTEGER, -1, -128, Number.MIN_SAFE_INTEGER]
    const encoded = (ints: readonly number[]) => {
      const graph = graphBuilder()
      return encodeModel(graph.finish('g', [graph.emit('Op', [], vector, { axes: { ints } })]))
    }
    const decoded = modelProto.toObject(modelProto.decode(encoded(values)), { longs: Number })
    expect(decoded).toMatchObject({ graph: { node: [{ attribute: [{ ints: values }] }] } })
    for (const wrong of [0.5, Number.NaN, 2 ** 53]) {
      expect(() => encoded([wrong])).toThrow(
        `operator Op: attribute 'axes': expected a safe integer, found ${wrong}`,
      )
    }
  })
})
