import { describe, expect, it } from 'vitest'
import { blockOf, flatLayout, layoutOf } from './blocks.js'
import { evaluate } from './evaluate.js'
import { defineLanes, type Lane } from './lanes/lane.js'

/** Evaluate one formula of a, b (per weight) and s (per call). */
function value(
  body: (x: { a: Lane; b: Lane; s: Lane }) => Lane,
  inputs: Record<string, readonly number[] | number>,
  arithmetic: 'f64' | 'f32' = 'f64',
  layout?: ReturnType<typeof flatLayout>,
): number[] {
  const fn = defineLanes({
    name: 'f',
    inputs: ['a', 'b'],
    scalars: ['s'],
    outputs: ['y'],
    body: (x) => ({ y: body(x) }),
  })
  const [out] = evaluate(
    [{ fn, inputs: { b: 0, s: 0, ...inputs }, ...(layout ? { layout } : {}) }],
    arithmetic,
  )
  return [...out!['y']!]
}

describe('operations on numbers', () => {
  it.each<[string, (x: { a: Lane; b: Lane }) => Lane, number]>([
    ['add', ({ a, b }) => a.add(b), 9],
    ['sub', ({ a, b }) => a.sub(b), 5],
    ['mul', ({ a, b }) => a.mul(b), 14],
    ['div', ({ a, b }) => a.div(b), 3.5],
    ['min', ({ a, b }) => a.min(b), 2],
    ['max', ({ a, b }) => a.max(b), 7],
    ['abs', ({ a }) => a.mul(-1).abs(), 7],
    ['sqrt', ({ a, b }) => a.add(b).sqrt(), 3],
    ['floor', ({ a, b }) => a.div(b).mul(-1).floor(), -4],
    ['binade', ({ a, b }) => a.mul(-1).binade().add(b.binade()), 6],
    ['less', ({ a, b }) => b.less(a, 10, 20).add(a.less(a, 1, 2)), 12],
  ])('%s', (_, body, expected) => expect(value(body, { a: [7], b: [2] })).toEqual([expected]))

  it('keeps the first operand of min and max on a tie, a NaN or a signed zero', () => {
    const pairs: [number, number][] = [
      [0, -0],
      [-0, 0],
      [NaN, 1],
      [1, NaN],
    ]
    for (const op of ['min', 'max'] as const) {
      expect(value(({ a, b }) => a[op](b), { a: pairs.map(([a]) => a), b: pairs.map(([, b]) => b) })).toEqual(
        pairs.map(([a]) => a),
      )
    }
  })

  it('takes the second branch of less where a NaN is compared', () => {
    expect(value(({ a, b }) => a.less(b, 1, 2), { a: [NaN, 0, 0], b: [0, NaN, 1] })).toEqual([2, 2, 1])
  })
})

describe('the f32 twin', () => {
  it('rounds inputs, literals and every result', () => {
    const { fround } = Math
    expect(value(({ a }) => a.add(0.1), { a: [0.2] }, 'f32')).toEqual([fround(fround(0.2) + fround(0.1))])
    expect(value(({ a }) => a.mul(a).sub(a.mul(a).mul(1 / 3)), { a: [0.7] }, 'f32')).toEqual([
      fround(fround(fround(0.7) ** 2) - fround(fround(fround(0.7) ** 2) * fround(1 / 3))),
    ])
    expect(value(({ a, s }) => a.div(s).sqrt(), { a: [2], s: 0.3 }, 'f32')).toEqual([
      fround(Math.sqrt(fround(2 / fround(0.3)))),
    ])
    expect(value(({ a }) => a, { a: [1e39, 1e-46, -0] }, 'f32')).toEqual([Infinity, 0, -0])
  })

  it('adds up in double precision and rounds the sum once', () => {
    const a = [2 ** 24, 1, 1, 0]
    // In f32 2^24 + 1 = 2^24: were partial sums rounded, the ones would be lost.
    expect(value(({ a: x }) => x.blockSum(), { a }, 'f32')).toEqual([2 ** 24 + 2])
    expect(value(({ a: x }) => x.total('n'), { a }, 'f32')).toEqual([2 ** 24 + 2])
    expect(value(({ a: x }) => x.blockSum(), { a: [2 ** 24, 1, 0, 0] }, 'f32')).toEqual([2 ** 24])
  })
})

describe('reductions', () => {
  const layout = layoutOf([2, 3], blockOf(2))
  const a = [1, -5, 3, 4, 2, -6]

  it('reduces each block, the ragged ones too', () => {
    expect(value((x) => x.a.blockSum(), { a }, 'f64', layout)).toEqual([-4, 3, 6, -6])
    expect(value((x) => x.a.abs().blockMax(), { a }, 'f64', layout)).toEqual([5, 3, 4, 6])
    expect(value((x) => x.a.blockMax(), { a }, 'f64', layout)).toEqual([1, 3, 4, 0])
  })

  it('reads a block value at each of its weights', () => {
    expect(value((x) => x.a.div(x.a.abs().blockMax()), { a }, 'f64', layout)).toEqual([
      1 / 5,
      -1,
      1,
      1,
      1 / 2,
      -1,
    ])
  })

  it('reduces along the first axis', () => {
    expect(value((x) => x.a.blockSum(), { a }, 'f64', layoutOf([2, 3], blockOf(2), 0))).toEqual([5, -3, -3])
  })

  it('counts a value that is constant in the block once a weight', () => {
    expect(value((x) => x.a.blockSum().blockSum(), { a }, 'f64', layout)).toEqual([-8, 3, 12, -6])
    expect(value((x) => x.s.blockSum(), { a, s: 2 }, 'f64', layout)).toEqual([4, 2, 4, 2])
    expect(value((x) => x.a.abs().blockMax().total('n'), { a }, 'f64', layout)).toEqual([27])
    expect(value((x) => x.s.total('n'), { a, s: 2 }, 'f64', layout)).toEqual([12])
  })

  it('ignores NaN in a maximum and keeps it in a sum', () => {
    expect(value((x) => x.a.blockMax(), { a: [NaN, 2, NaN] })).toEqual([2])
    expect(value((x) => x.a.blockSum(), { a: [NaN, 2] })).toEqual([NaN])
  })

  it('has nothing to reduce where there are no weights', () => {
    expect(value((x) => x.a.blockMax(), { a: [] }, 'f64', layoutOf([0, 3], blockOf(2)))).toEqual([])
    expect(value((x) => x.a.total('n'), { a: [] })).toEqual([0])
  })

  it('adds totals over calls before any output', () => {
    const fn = defineLanes({
      name: 'f',
      inputs: ['a'],
      outputs: ['y'],
      body: (x) => ({ y: x.a.div(x.a.total('n')) }),
    })
    const outputs = evaluate([
      { fn, inputs: { a: [1, 2] } },
      { fn, inputs: { a: [5] } },
    ])
    expect(outputs.map((out) => [...out['y']!])).toEqual([[1 / 8, 2 / 8], [5 / 8]])
  })
})

describe('arguments', () => {
  it('takes a number for a whole input, and the size from the layout if there is no array', () => {
    expect(value(({ a }) => a.add(1), { a: 2, b: 3 }, 'f64', flatLayout(3))).toEqual([3, 3, 3])
    expect(value(({ a, s }) => a.add(s), { a: [1, 2], s: [5] })).toEqual([6, 7])
  })

  it('names what is missing or of another size', () => {
    const fn = defineLanes({
      name: 'f',
      inputs: ['a', 'b'],
      scalars: ['s'],
      outputs: ['y'],
      body: ({ a, b, s }) => ({ y: a.add(b).add(s) }),
    })
    const run =
      (inputs: Record<string, number[] | number>, layout = flatLayout(2)) =>
      () =>
        evaluate([{ fn, inputs, layout }])
    expect(run({ a: [1, 2], s: 0 })).toThrow("f: input 'b' is missing")
    expect(run({ a: [1, 2], b: [1, 2] })).toThrow("f: input 's' is missing")
    expect(run({ a: [1, 2], b: [1], s: 0 })).toThrow(
      "f: input 'b': expected 2 weights as in the other inputs, found 1",
    )
    expect(run({ a: [1, 2], b: 0, s: [1, 2] })).toThrow("f: scalar 's': expected a single value, found 2")
    expect(run({ a: [1, 2], b: 0, s: 0 }, flatLayout(3))).toThrow(
      'f: layout: expected 2 weights, found 1 × 3 × 1',
    )
  })
})

describe('reductions over a tensor', () => {
  const layout = layoutOf([5], blockOf(2))
  it('know all blocks and give one value', () => {
    const a = [1, -7, 3, 2, 4]
    expect(value(({ a }) => a.tensorMax(), { a, b: [0, 0, 0, 0, 0] }, 'f32', layout)).toEqual([4])
    expect(value(({ a }) => a.abs().tensorMax(), { a, b: 0 }, 'f64', layout)).toEqual([7])
    expect(value(({ a }) => a.tensorSum(), { a, b: 0 }, 'f64', layout)).toEqual([3])
    expect(value(({ a }) => a.abs().blockMax().div(a.tensorSum()), { a, b: 0 }, 'f64', layout)).toEqual([
      7 / 3,
      1,
      4 / 3,
    ])
  })

  it('nest, count an operand once a weight, and start from 0', () => {
    const a = [1, -7, 3, 2, 4]
    expect(value(({ a }) => a.abs().blockMax().tensorSum(), { a, b: 0 }, 'f64', layout)).toEqual([24])
    expect(value(({ a }) => a.sub(a.tensorMax()).tensorSum().tensorMax(), { a, b: 0 })).toEqual([0])
    expect(value(({ a }) => a.tensorMax().sub(a).tensorSum(), { a, b: 0 })).toEqual([17])
    expect(value(({ a }) => a.mul(-1).tensorMax(), { a: [1, 2], b: 0 })).toEqual([0])
  })

  it('stay within their own tensor, where a total adds up over all', () => {
    const fn = defineLanes({
      name: 'f',
      inputs: ['a'],
      outputs: ['share', 'scaled'],
      body: ({ a }) => ({
        share: a.tensorMax().total('sum of maxima'),
        scaled: a.div(a.total('all').div(a.tensorSum())).tensorMax(),
      }),
    })
    const outputs = evaluate([
      { fn, inputs: { a: [1, 3] } },
      { fn, inputs: { a: [6, 2] } },
    ])
    // A total counts its operand once a weight: 2 · 3 + 2 · 6.
    expect(outputs.map((out) => [out['share']![0], out['scaled']![0]])).toEqual([
      [18, 3 / (12 / 4)],
      [18, 6 / (12 / 8)],
    ])
  })
})
