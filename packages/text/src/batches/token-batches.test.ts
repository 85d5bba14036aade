import { describe, expect, test } from 'vitest'
import { evaluationWindows, tokenBatches } from './token-batches.js'
import type { TokenStream } from './token-stream.js'

const tokens = Int32Array.from({ length: 101 }, (_, i) => i)

describe('tokenBatches', () => {
  test('hold windows of the stream and the tokens that follow', () => {
    const { x, y } = tokenBatches({ tokens, batch: 4, context: 10, seed: 1 })(3)
    expect(x!.shape).toEqual([4, 10])
    for (let row = 0; row < 4; row++) {
      const start = x!.data[row * 10]!
      expect([...x!.data.subarray(row * 10, row * 10 + 10)]).toEqual([...tokens.subarray(start, start + 10)])
      expect([...y!.data.subarray(row * 10, row * 10 + 10)]).toEqual([
        ...tokens.subarray(start + 1, start + 11),
      ])
    }
  })

  test('depend on seed and step alone and reach every start', () => {
    const of = (seed: number) => tokenBatches({ tokens, batch: 8, context: 98, seed })
    expect(of(1)(5)).toEqual(of(1)(5))
    expect(of(1)(5)).not.toEqual(of(1)(6))
    expect(of(1)(5)).not.toEqual(of(2)(5))
    const starts = new Set<number>()
    for (let step = 0; step < 20; step++) {
      const { data } = of(1)(step)['x']!
      for (let row = 0; row < 8; row++) starts.add(data[row * 98]!)
    }
    // 101 tokens, windows of 98 + 1: starts 0, 1 and 2. All three in 160 draws but for chance 3 · (2/3)^160.
    expect(starts).toEqual(new Set([0, 1, 2]))
  })

  test('refuse too short a stream', () => {
    expect(() => tokenBatches({ tokens, batch: 1, context: 101, seed: 1 })).toThrow(
      /context = 101 of them, found 101/,
    )
    expect(() => tokenBatches({ tokens, batch: 0, context: 10, seed: 1 })).toThrow(/batch: expected.*found 0/)
  })
})

describe('a stream that says what counts', () => {
  /** 4000 tokens by their places; those counted are few, or as they are given. */
  const counting = (counted: (id: number) => boolean, length = 4000): TokenStream => ({
    length,
    read: (from, to) => Int32Array.from({ length: to - from }, (_, i) => from + i),
    counts: (from, to) => Uint8Array.from({ length: to - from }, (_, i) => Number(counted(from + i))),
  })
  const rare = (id: number): boolean => id % 700 === 699 || id === 0

  test('has targets of −100 elsewhere, and in every window something to learn', () => {
    const draw = tokenBatches({ tokens: counting(rare), batch: 16, context: 10, seed: 1 })
    const places = new Set<number>()
    for (let step = 0; step < 40; step++) {
      const { x, y } = draw(step)
      for (let row = 0; row < 16; row++) {
        const ids = x!.data.subarray(row * 10, row * 10 + 10)
        const targets = Array.from(y!.data.subarray(row * 10, row * 10 + 10))
        expect(Array.from(ids)).toEqual(Array.from({ length: 10 }, (_, t) => ids[0]! + t))
        expect(targets).toEqual(Array.from(ids, (id) => (rare(id + 1) ? id + 1 : -100)))
        const learnt = targets.findIndex((target) => target >= 0)
        expect(learnt).toBeGreaterThanOrEqual(0)
        places.add(learnt)
      }
    }
    // Most windows gave way to one with what counts in its middle; some began around one by themselves.
    expect(places.has(4)).toBe(true)
    expect(places.size).toBeGreaterThan(1)
    expect(draw(7)).toEqual(draw(7))
  })

  test('is as none where all counts, and is refused where nothing does', () => {
    const all = counting(() => true)
    const { counts: _, ...plain } = all
    const draw = (stream: TokenStream) => tokenBatches({ tokens: stream, batch: 4, context: 9, seed: 2 })(3)
    expect(draw(all)).toEqual(draw(plain))
    // A first token has nothing before it.
    expect(() => draw(counting((id) => id === 0))).toThrow(
      'tokens: expected at least one that counts, behind the first, found none of 4000',
    )
  })

  test('is judged by the batches in which something counts', () => {
    const windows = (counted: (id: number) => boolean) =>
      evaluationWindows({ tokens: counting(counted, 41), batch: 2, context: 10 })
    expect(windows((id) => id === 15).map(({ y }) => Array.from(y!.data).filter((id) => id >= 0))).toEqual([
      [15],
    ])
    expect(windows(() => true)).toHaveLength(2)
    expect(() =>
      evaluationWindows({ tokens: counting((id) => id === 60, 70), batch: 1, context: 10, count: 1 }),
    ).toThrow('count: expected windows in which something counts, found none in 1 of them; take more')
  })
})

describe('tokenBatches of several streams', () => {
  const other = Int32Array.from({ length: 50 }, (_, i) => 1000 + i)
  const draw = (weights: readonly number[], step: number) =>
    tokenBatches({
      tokens: [tokens, other].map((stream, i) => ({ tokens: stream, weight: weights[i]! })),
      batch: 8,
      context: 10,
      seed: 3,
    })(step)['x']!

  test('take rows by weight, and from one as if it were alone', () => {
    const rows = Array.from({ length: 50 }, (_, step) => draw([3, 1], step).data)
    const share =
      rows.flatMap((data) => [...data].filter((_, i) => i % 10 === 0)).filter((id) => id >= 1000).length / 400
    // 400 draws of probability ¼: 4.6 standard deviations.
    expect(Math.abs(share - 0.25)).toBeLessThan(0.1)
    expect(draw([1, 0], 5)).toEqual(tokenBatches({ tokens, batch: 8, context: 10, seed: 3 })(5)['x'])
    expect(draw([3, 1], 7)).toEqual(draw([3, 1], 7))
  })

  test('refuse weights that choose nothing', () => {
    expect(() => draw([0, 0], 0)).toThrow(/weights: expected one above 0/)
    expect(() => draw([1, -1], 0)).toThrow(
      /tokens\[1\].weight: expected a finite number of at least 0, found -1/,
    )
  })
})

describe('evaluationWindows', () => {
  test('cover the stream once when as many as fit are asked for', () => {
    const all = evaluationWindows({ tokens, batch: 2, context: 10 })
    expect(all.length).toBe(5)
    expect(all.flatMap(({ x }) => [...x!.data])).toEqual([...tokens.subarray(0, 100)])
    expect(all.flatMap(({ y }) => [...y!.data])).toEqual([...tokens.subarray(1, 101)])
  })

  test('spread fewer windows evenly, never overlapping', () => {
    const some = evaluationWindows({ tokens, batch: 2, context: 10, count: 6 })
    const starts = some.flatMap(({ x }) => [x!.data[0]!, x!.data[10]!])
    expect(starts).toEqual([0, 16, 33, 50, 66, 83])
  })

  test.each([3, 0, 12])('refuse a count of %s', (count) => {
    expect(() => evaluationWindows({ tokens, batch: 2, context: 10, count })).toThrow(
      /count: expected a multiple of batch = 2 from 2 to 10/,
    )
  })
})
