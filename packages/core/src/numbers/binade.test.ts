import { describe, expect, it } from 'vitest'
import { binadeScript, binade } from './binade.js'
import { randomWords } from './threefry.js'

// oxlint-disable-next-line typescript/no-implied-eval -- the emitted text is what is tested
const emitted = new Function(`${binadeScript}\nreturn binade`)() as (x: number) => number

/** The definition, by search: exact, since multiplying by 2 is. */
function search(x: number): number {
  const size = Math.abs(x)
  if (size === 0 || !Number.isFinite(size)) return size
  let power = 1
  while (power > size) power /= 2
  while (power * 2 <= size) power *= 2
  return power
}

describe.each([
  ['binade', binade],
  ['as emitted', emitted],
])('%s', (_, f) => {
  it('finds every power of two and its neighbours, in f32 and f64', () => {
    const off: number[] = []
    for (let exponent = -1074; exponent < 1024; exponent++) {
      const power = exponent < -1022 ? 2 ** (exponent + 100) / 2 ** 100 : 2 ** exponent
      for (const x of [power, power * (1 + 2 ** -23), power * (1 - 2 ** -24), power * 1.5, power * 1.99])
        if (f(x) !== search(x) || f(-x) !== search(x)) off.push(x)
    }
    expect(off).toEqual([])
  })

  it('finds what a search finds for 50,000 random bit patterns', () => {
    const bits = new Float32Array(randomWords({ seed: 5, stream: 'bits' }, 50_000).buffer)
    const off = bits.findIndex((x) => !Object.is(f(x), search(x)))
    expect(off).toBe(-1)
  })

  it('is total', () => {
    expect([0, -0, Infinity, -Infinity, NaN, Number.MAX_VALUE, 2 ** -1074].map((x) => f(x))).toEqual([
      0,
      0,
      Infinity,
      Infinity,
      NaN,
      2 ** 1023,
      2 ** -1074,
    ])
  })
})
