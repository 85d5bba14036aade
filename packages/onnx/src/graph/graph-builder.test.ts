// The graph builder: equal values are one, dead ones are dropped, outputs have names of their own.

import { describe, expect, it } from 'vitest'
import { graphBuilder } from './graph-builder.js'
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

  it.each(['ScatterND', 'ScatterElements'])('refuses %s that combines repeated indices', (op) => {
    const graph = graphBuilder()
    const x = graph.input('x', vector)
    const ids = graph.input('ids', { shape: [3, 1], dtype: 'int64' })
    for (const reduction of ['add', 'mul', 'max', 'min']) {
      expect(() => graph.emit(op, [x, ids, x], vector, { reduction: { string: reduction } })).toThrow(
        `${op} with reduction '${reduction}' is not emitted`,
      )
    }
    expect(graph.emit(op, [x, ids, x], vector, { reduction: { string: 'none' } }).shape).toEqual([3])
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
