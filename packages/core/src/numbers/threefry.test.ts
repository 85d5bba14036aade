import { describe, expect, it } from 'vitest'
import { integers, keyWords, normals, randomWords, threefry2x32, uniforms } from './threefry.js'

describe('threefry2x32', () => {
  // Known answers published with Random123 (kat_vectors, threefry2x32 with 20 rounds).
  it.each([
    [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
    [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
  ])('key %i %i, counter %i %i', (k0, k1, c0, c1, x, y) => {
    const out = new Uint32Array(2)
    threefry2x32(k0, k1, c0, c1, out)
    expect([...out]).toEqual([x, y])
  })
})

describe('keyed streams', () => {
  it('makes any range alone', () => {
    const key = { seed: 7, stream: 'w', step: 3 }
    const whole = randomWords(key, 101)
    expect([...randomWords(key, 31, 70)]).toEqual([...whole.subarray(70)])
  })

  it('separates seeds, streams and steps', () => {
    const first = (key: { seed: number; stream: string; step?: number }): string => randomWords(key, 2).join()
    const seen = new Set<string>()
    for (const seed of [0, 1, 2 ** 32, 2 ** 32 + 1]) {
      for (const stream of ['', 'a', 'b', 'ab', 'ba'])
        for (const step of [0, 1]) seen.add(first({ seed, stream, step }))
    }
    expect(seen.size).toBe(4 * 5 * 2)
  })

  it('keeps uniforms in [0, 1) and exact in f32', () => {
    const words = randomWords({ seed: 1, stream: 'u' }, 1000)
    uniforms({ seed: 1, stream: 'u' }, 1000).forEach((u, i) => {
      expect(u).toBe(Math.floor(words[i]! / 256) / 2 ** 24)
      expect(u).toBeLessThan(1)
    })
  })

  it('draws normals whose first moments agree with the law', () => {
    const n = 100_000
    const x = normals({ seed: 5, stream: 'n' }, n)
    const moment = (p: number): number => x.reduce((sum, v) => sum + v ** p, 0) / n
    // Five standard errors: sqrt(Var x^p / n) with Var x = 1, Var x² = 2, Var x⁴ = 96.
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / n))
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n))
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n))
    expect(normals({ seed: 5, stream: 'n' }, 7)).toEqual(x.slice(0, 7))
  })

  it('draws whole numbers below a bound, all of them', () => {
    const found = new Set(integers({ seed: 3, stream: 'i' }, 500, 10))
    expect(found).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
    expect(() => integers({ seed: 3, stream: 'i' }, 1, 0)).toThrow(/below: expected/)
  })

  it('refuses a step or a first element out of range: their words would belong to others', () => {
    for (const step of [-1, 0.5, 2 ** 32])
      expect(() => uniforms({ seed: 1, stream: 'u', step }, 1)).toThrow(
        `step: expected a whole number from 0 to 2^32 − 1, found ${step}`,
      )
    for (const first of [-2, 3, 0.5])
      expect(() => randomWords({ seed: 1, stream: 'u' }, 1, first)).toThrow(
        /first: expected an even whole number/,
      )
  })

  it('refuses a seed that is not a whole number', () => {
    expect(() => keyWords({ seed: 1.5, stream: '' })).toThrow(/seed: expected a whole number/)
    expect(() => keyWords({ seed: -1, stream: '' })).toThrow(/seed/)
  })
})
