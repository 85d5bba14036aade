import { describe, expect, it } from 'vitest'
import { defineLanes, trace, type Lane } from './lane.js'
import { higherRate, operandsOf, reachable } from './node.js'

/** Trace a body over inputs a, b and a scalar s, for its nodes. */
function nodesOf(body: (x: { a: Lane; b: Lane; s: Lane }) => Lane) {
  const fn = defineLanes({
    name: 'f',
    inputs: ['a', 'b'],
    scalars: ['s'],
    outputs: ['y'],
    body: (x) => ({ y: body(x) }),
  })
  const graph = trace(fn)
  return { graph, y: graph.outputs['y']! }
}

describe('lanes', () => {
  it('makes equal expressions once', () => {
    const { graph } = nodesOf(({ a, b }) => a.add(b).mul(a.add(b)).less(2, a.add(b), 2))
    expect(graph.nodes.map((node) => node.kind)).toEqual([
      'input',
      'input',
      'binary',
      'binary',
      'literal',
      'less',
    ])
  })

  it('keeps 0, −0, NaN and the infinities apart', () => {
    const values = [0, -0, NaN, Infinity, -Infinity, 0]
    const { graph } = nodesOf(({ a }) => values.reduce<Lane>((sum, value) => sum.add(value), a))
    const literals = graph.nodes.flatMap((node) => (node.kind === 'literal' ? [node.value] : []))
    expect(literals).toEqual([0, -0, NaN, Infinity, -Infinity])
  })

  it('gives each value the highest rate of its operands', () => {
    const rate = (body: (x: { a: Lane; b: Lane; s: Lane }) => Lane): string => nodesOf(body).y.rate
    expect(rate(({ s }) => s.mul(2))).toBe('call')
    expect(rate(({ a, s }) => a.blockMax().add(s))).toBe('block')
    expect(rate(({ a }) => a.blockSum().sub(a))).toBe('element')
    expect(rate(({ a, s }) => a.total('n').div(s))).toBe('call')
    expect(rate(({ a, s }) => s.less(1, s, a.blockSum()))).toBe('block')
    expect(rate(({ a, s }) => a.less(1, s, s.add(1)))).toBe('element')
    expect(rate(({ a, s }) => a.less(1, s, s))).toBe('call')
    expect(higherRate('block', 'call')).toBe('block')
  })

  it('drops only what is exact: multiplying and dividing by 1', () => {
    expect(nodesOf(({ a }) => a.mul(1).div(1)).graph.nodes).toHaveLength(1)
    expect(nodesOf(({ a, b }) => b.less(b, a, a).mul(1)).y.kind).toBe('input')
    // 0 + a turns −0 into 0, and 0 · a is NaN where a is not finite.
    expect(nodesOf(({ a }) => a.add(0)).y.kind).toBe('binary')
    expect(nodesOf(({ a }) => a.mul(0)).y.kind).toBe('binary')
  })

  it('lists operands in order and needed nodes topologically', () => {
    const { graph, y } = nodesOf(({ a, b, s }) => a.less(b, s, a.add(b.total('n'))))
    expect(operandsOf(y).map((node) => node.kind)).toEqual(['input', 'input', 'input', 'binary'])
    for (const node of graph.nodes)
      for (const operand of operandsOf(node)) expect(operand.id).toBeLessThan(node.id)
    expect(reachable([y], (node) => node.kind === 'binary').some((node) => node.kind === 'reduce')).toBe(
      false,
    )
  })

  it('leaves out what no output needs, and remembers the graph', () => {
    const fn = defineLanes({
      name: 'f',
      inputs: ['a', 'b'],
      outputs: ['y'],
      body: ({ a, b }) => (b.add(1), { y: a }),
    })
    expect(trace(fn).nodes).toHaveLength(1)
    expect(trace(fn)).toBe(trace(fn))
    expect(Object.isFrozen(fn) && Object.isFrozen(trace(fn)) && Object.isFrozen(trace(fn).outputs)).toBe(true)
  })

  it('refuses lanes of another formula', () => {
    let stray: Lane | undefined
    nodesOf(({ a }) => (stray = a))
    expect(() => nodesOf(({ b }) => b.add(stray!))).toThrow(/operand: expected a lane of the same formula/)
    expect(() => nodesOf(() => stray!)).toThrow(/operand: expected a lane of the same formula/)
  })

  it.each<readonly [string, (a: never, b: never) => unknown]>([
    ['a - b', (a, b) => a - b],
    ['2 * a', (a) => 2 * a],
    ['a < b', (a, b) => a < b],
    ['text', (a) => String(a)],
  ])('refuses JavaScript operators, which would make something else of them: %s', (_, formula) => {
    const body = ({ a, b }: Record<string, Lane>) => ({ y: formula(a as never, b as never) as Lane })
    expect(() => trace(defineLanes({ name: 'operators', inputs: ['a', 'b'], outputs: ['y'], body }))).toThrow(
      'expected a method, found an operator: for a - b, 2 * a, a < b write a.sub(b), a.mul(2), a.less(b, …)',
    )
  })

  it('names what a formula declares wrongly', () => {
    const body = (): never => ({}) as never
    expect(() => trace(defineLanes({ name: 'f', inputs: ['a'], outputs: ['y'], body }))).toThrow(
      "f: output 'y' is declared but its body does not return it",
    )
    expect(() =>
      trace(defineLanes({ name: 'f', inputs: ['a'], scalars: ['a'], outputs: ['y'], body })),
    ).toThrow("f: 'a' is declared both as an input and as a scalar")
  })
})
