import { describe, expect, it } from 'vitest'
import { evaluate } from '../evaluate.js'
import { gradient } from './gradient.js'
import { builderOf, defineLanes, trace, type Lane, type LaneSource } from './lane.js'
import type { LaneNode } from './node.js'
import {
  added,
  dividedBy,
  multiplied,
  unitProduct,
  parted,
  productLane,
  sameBelow,
  scaled,
  times,
} from './product.js'

interface Arguments {
  readonly a: Lane
  readonly b: Lane
  readonly s: Lane
}

/** The graph and the value at a = 3, b = 5, s = 2 of what a body makes. */
function made(body: (x: Arguments, source: LaneSource) => Lane): { node: LaneNode; value: number } {
  const fn = defineLanes({
    name: 'f',
    inputs: ['a', 'b'],
    scalars: ['s'],
    outputs: ['y'],
    body: (x) => ({ y: body(x, builderOf(x.a)) }),
  })
  const [out] = evaluate([{ fn, inputs: { a: [3], b: [5], s: 2 } }])
  return { node: trace(fn).outputs['y']!, value: out!['y']![0]! }
}

/** How many nodes of a rate compute something. */
function operations(body: (x: Arguments) => Lane, rate: string): number {
  const fn = defineLanes({
    name: 'f',
    inputs: ['a', 'b'],
    scalars: ['s'],
    outputs: ['y'],
    body: (x) => ({ y: body(x) }),
  })
  return trace(fn).nodes.filter((node) => node.rate === rate && node.kind !== 'input').length
}

describe('products', () => {
  it('multiply what is constant first, with the number', () => {
    const { node, value } = made(({ a, b, s }, source) =>
      productLane(
        scaled(
          [a, s, b].reduce((product, lane) => times(product, lane, source), unitProduct),
          0.5,
        ),
        source,
      ),
    )
    expect(value).toBe(15)
    expect(node).toMatchObject({
      rate: 'element',
      op: 'mul',
      a: { op: 'mul', rate: 'element' },
      b: { rate: 'call' },
    })
  })

  it('take a factor of another rate apart, and keep one of the same rate', () => {
    made(({ a, b, s }, source) => {
      expect(times(unitProduct, a.mul(s).mul(0.5), source)).toEqual({
        coefficient: 0.5,
        over: [a, s],
        under: [],
      })
      expect(times(unitProduct, a.mul(b), source).over).toEqual([a.mul(b)])
      return a
    })
  })

  it("divide the factors of the divisor's rate, or else the product: an inverse could overflow", () => {
    const tiny = 2 ** -140
    const slope = made(({ a, s }, source) =>
      productLane(dividedBy(times(unitProduct, a, source), s.mul(tiny)), source),
    )
    expect(slope.node).toMatchObject({ op: 'div', a: { kind: 'input', name: 'a' } })
    const { node } = made(({ a, b, s }, source) =>
      productLane(dividedBy(times(times(unitProduct, a, source), b.blockSum(), source), s.add(1)), source),
    )
    expect(node).toMatchObject({ op: 'mul', b: { op: 'div', rate: 'block' } })
  })

  it('keep common factors out of a sum', () => {
    made(({ a, b, s }, source) => {
      const [p, q] = [
        multiplied(times(unitProduct, a, source), times(unitProduct, s, source)),
        times(times(unitProduct, b, source), s, source),
      ]
      expect(added(p, q, source)).toEqual({ coefficient: 1, over: [s, a.add(b)], under: [] })
      expect(added(p, scaled(q, -1), source).over[1]).toBe(a.sub(b))
      expect(added(p, scaled(p, 2), source)).toEqual({ coefficient: 3, over: [a, s], under: [] })
      expect(added(p, times(unitProduct, s, source), source).over[1]).toBe(a.add(1))
      expect(productLane(added(p, scaled(q, 2), source), source)).toBe(a.add(b.mul(2)).mul(s))
      expect(sameBelow(p, q, 'element')).toBe(true)
      expect(sameBelow(p, times(unitProduct, b, source), 'element')).toBe(false)
      expect(parted(p, 'element')).toEqual({
        often: { coefficient: 1, over: [a], under: [] },
        rest: { coefficient: 1, over: [s], under: [] },
      })
      return a
    })
  })
})

it('products share a factor as often as both have it, and are alike only with the same divisors', () => {
  made(({ a, b, s }, source) => {
    const p = times(times(unitProduct, a, source), s, source)
    expect(added(times(p, a, source), p, source)).toEqual({
      coefficient: 1,
      over: [a, s, a.add(1)],
      under: [],
    })
    expect(added(dividedBy(times(unitProduct, a, source), s), times(unitProduct, b, source), source)).toEqual(
      {
        coefficient: 1,
        over: [a.div(s).add(b)],
        under: [],
      },
    )
    expect(sameBelow(p, times(p, s, source), 'element')).toBe(false)
    expect(sameBelow(times(p, s, source), p, 'element')).toBe(false)
    expect(sameBelow(p, dividedBy(p, s.add(1)), 'element')).toBe(false)
    return a
  })
})

describe('slopes', () => {
  it('that share factors of the block are one sum', () => {
    const twice = ({ a, b, s }: Arguments): Lane => {
      const scale = a.abs().blockMax()
      return b.div(scale).mul(s).add(a.floor().div(scale).mul(s))
    }
    const fn = defineLanes({
      name: 'f',
      inputs: ['a', 'b'],
      scalars: ['s'],
      outputs: ['y'],
      body: (x) => ({ y: gradient(twice(x), x.a) }),
    })
    const sums = trace(fn).nodes.filter((node) => node.kind === 'reduce' && node.how === 'blockSum')
    // One of them counts the weights that attain the maximum.
    expect(sums.length).toBe(2)
    // −s (b + ⌊a⌋) / a²
    expect(made((x) => gradient(twice(x), x.a)).value).toBeCloseTo(-16 / 9, 12)
  })

  it('multiply factors of the block once a block, after the sum', () => {
    // σ² = s² v(w / s): per weight v′ and its product with the factor left, and for the sum through s two
    // more.
    const penalty = ({ a, b, s }: Arguments): Lane => {
      const scale = a.abs().blockMax()
      const x = a.div(scale)
      return x.mul(x).mul(scale).mul(scale).mul(b.mul(s)).mul(0.5)
    }
    const body = (x: Arguments): Lane => gradient(penalty(x), x.a)
    expect(operations(body, 'element')).toBeLessThanOrEqual(14)
    // ½ s b a² whatever the scale.
    expect(made(body).value).toBe(30)
  })
})
