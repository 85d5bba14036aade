// The graph builder: equal values are one, dead ones are dropped, outputs have names of their own; the file format round trip.

import { describe, expect, it } from 'vitest'
import { encodeModel, opsetVersion } from './encode-model.js'
import { graphBuilder } from './graph-builder.js'
import { modelProto } from './onnx-schema.js'
import { binary, broadcastShape, slice, unary } from './operators.js'

const vector = { shape: [3], dtype: 'float32' } as const

describe('graphBuilder', () => {
  it('makes equal operators and constants one', () => {
    const graph = graphBuilder()
    const x = graph.input('x', vector)
    const first = binary(graph, 'Add', unary(graph, 'Exp', x), graph.scalar(2))
    const second = binary(graph, 'Add', unary(graph, 'Exp', x), graph.scalar(2))
    expect(second).toBe(first)
    expect(graph.scalar(2, 'int32')).not.toBe(graph.scalar(2, 'float32'))
    expect(graph.constant([1, 2], { shape: [2], dtype: 'float32' })).not.toBe(
      graph.constant([1, 2], { shape: [2, 1], dtype: 'float32' }),
    )
  })

  it('tells −0 from 0', () => {
    const graph = graphBuilder()
    expect(graph.scalar(-0)).not.toBe(graph.scalar(0))
  })

  it('keeps what the outputs need, in order', () => {
    const graph = graphBuilder()
    const x = graph.input('x', vector)
    const kept = unary(graph, 'Exp', x)
    binary(graph, 'Add', kept, graph.scalar(7))
    const output = unary(graph, 'Log', kept)
    const { nodes, constants, inputs } = graph.finish('g', [output])
    expect(nodes.map(({ op }) => op)).toEqual(['Exp', 'Log'])
    expect(constants).toEqual([])
    expect(inputs.map(({ name }) => name)).toEqual(['in:x'])
  })

  it('copies outputs that are inputs, constants or repeated', () => {
    const graph = graphBuilder()
    const x = graph.input('x', vector)
    const y = unary(graph, 'Neg', x)
    const { outputs, nodes } = graph.finish('g', [x, y, y, graph.scalar(1)])
    expect(nodes.map(({ op }) => op).toSorted()).toEqual(['Identity', 'Identity', 'Identity', 'Neg'])
    expect(new Set(outputs.map(({ name }) => name)).size).toBe(4)
  })
})

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
      opsetImport: [{ version: opsetVersion }, { domain: 'com.microsoft', version: 1 }],
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
})

describe('shape inference', () => {
  it('broadcasts as NumPy does', () => {
    expect(broadcastShape([3, 1, 5], [4, 1])).toEqual([3, 4, 5])
    expect(broadcastShape([], [2])).toEqual([2])
    expect(broadcastShape([0, 1], [1, 3])).toEqual([0, 3])
    expect(() => broadcastShape([3], [4])).toThrow('shapes [3] and [4] do not broadcast')
  })

  it('counts the elements of a slice in both directions', () => {
    const graph = graphBuilder()
    const x = graph.input('x', { shape: [7, 5], dtype: 'float32' })
    expect(slice(graph, x, [1, 4], [6, -1], [2, -3]).shape).toEqual([3, 2])
    expect(slice(graph, x, [0, 0], [7, 5])).toBe(x)
  })
})
