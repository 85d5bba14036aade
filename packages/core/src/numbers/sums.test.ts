import { describe, expect, it } from 'vitest'
import { SUM_CHUNK, sumInOrder, sumSpaced } from './sums.js'
import { normals } from './threefry.js'

describe('sumInOrder', () => {
  it('combines four accumulators as (s0 + s2) + (s1 + s3)', () => {
    // 2^53 + 1 rounds to 2^53, so the order of the additions shows in the result.
    const big = 2 ** 53
    const sum = (...values: number[]): number => sumInOrder(values.length, (i) => values[i]!)
    expect(sum(big, 1, -big, 1)).toBe(2)
    expect(sum(big, -big, 1, 1)).toBe(1)
    expect(sum(big, 0, 0, 0, 1, 0, 0, 0, 1)).toBe(big)
    expect(sum(1, 0, 0, 0, 1, 0, 0, 0, big)).toBe(big + 2)
  })

  it('starts anew in each chunk and adds chunks in order', () => {
    const big = 2 ** 53
    // The first 1 meets big within a chunk and is lost; those of the later chunk are added to each other
    // first.
    const values = new Map([
      [0, big],
      [4, 1],
      [SUM_CHUNK, 1],
      [SUM_CHUNK + 1, 1],
    ])
    expect(sumInOrder(SUM_CHUNK + 2, (i) => values.get(i) ?? 0)).toBe(big + 2)
  })

  it('sums nothing to 0 and whole numbers exactly', () => {
    expect(sumInOrder(0, () => NaN)).toBe(0)
    for (const n of [1, 3, 4095, 4096, 4097, 10_000]) expect(sumInOrder(n, (i) => i)).toBe((n * (n - 1)) / 2)
  })
})

describe('sumSpaced', () => {
  it('is sumInOrder over values that stand apart, bit for bit', () => {
    const values = normals({ seed: 1, stream: 'values' }, 3 * (2 * SUM_CHUNK + 9) + 2)
    const counts = [0, 1, 2, 3, 4, 5, 7, SUM_CHUNK - 1, SUM_CHUNK, SUM_CHUNK + 1, 2 * SUM_CHUNK + 6]
    for (const step of [1, 3])
      for (const count of counts) {
        const expected = sumInOrder(count, (k) => values[2 + k * step]!)
        expect(Object.is(sumSpaced(values, 2, step, count), expected)).toBe(true)
      }
  })
})
