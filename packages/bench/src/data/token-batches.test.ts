import { describe, expect, test } from 'vitest'
import { batches, evaluationWindows } from './token-batches.js'

const tokens = Int32Array.from({ length: 101 }, (_, i) => i)

describe('batches', () => {
  test('hold windows of the stream and the tokens that follow', () => {
    const { x, y } = batches({ tokens, batch: 4, context: 10, seed: 1 })(3)
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
    const of = (seed: number) => batches({ tokens, batch: 8, context: 98, seed })
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
    expect(() => batches({ tokens, batch: 1, context: 101, seed: 1 })).toThrow(
      /context = 101 of them, found 101/,
    )
    expect(() => batches({ tokens, batch: 0, context: 10, seed: 1 })).toThrow(/batch: expected.*found 0/)
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
