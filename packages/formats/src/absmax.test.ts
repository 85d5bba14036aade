import { describe, expect, it } from 'vitest'
import { blockOf, defineLanes, evaluate, layoutOf, type Lane } from '@lotion/core'
import { randomWords } from '@lotion/core/internal'
import { absmax } from './absmax.js'
import { builtInFormats } from './by-name.js'
import { topOf } from './format.js'

const scaledBy = (top: number) =>
  defineLanes({
    name: 'scaled',
    inputs: ['w'],
    outputs: ['x', 'scale'],
    body: ({ w }): { x: Lane; scale: Lane } =>
      absmax.scaled(w, {
        name: 'g',
        points: [-top, top],
        around: (x) => ({ x, below: x, lo: x, hi: x, above: x, even: x }),
      }),
  })

/** Random f32 bit patterns: every exponent alike, subnormals included, neither 0 nor NaN nor an infinity. */
function bitPatterns(count: number): Float32Array {
  const words = randomWords({ seed: 2, stream: 'amax' }, 2 * count)
  const values = new Float32Array(words.buffer, words.byteOffset, words.length)
  return values.filter((value) => Number.isFinite(value) && value !== 0).slice(0, count)
}

describe('absmax', () => {
  it.each([...new Set(builtInFormats.map(topOf))])(
    'lands the block maximum exactly on %d, for 100,000 of any size',
    (top) => {
      const w = bitPatterns(100_000)
      expect(w.length).toBe(100_000)
      const [out] = evaluate(
        [{ fn: scaledBy(top), inputs: { w }, layout: layoutOf([w.length], blockOf(1)) }],
        'f32',
      )
      const off = w.findIndex((value, i) => out!['x']![i] !== Math.sign(value) * top)
      expect(off).toBe(-1)
    },
  )

  it('never leaves the grid: |w| ≤ amax gives |x| ≤ top, in f32', () => {
    const w = bitPatterns(30_000)
    for (const top of [1, 6, 7, 127, 448, 57344]) {
      const [out] = evaluate(
        [{ fn: scaledBy(top), inputs: { w }, layout: layoutOf([w.length], blockOf(3)) }],
        'f32',
      )
      expect(out!['x']!.every((x) => Math.abs(x) <= top)).toBe(true)
    }
  })

  it('gives a block of zeros scale 0 and no NaN', () => {
    const [out] = evaluate(
      [{ fn: scaledBy(7), inputs: { w: [0, -0, 0, 3.5] }, layout: layoutOf([4], blockOf(2)) }],
      'f32',
    )
    expect([...out!['x']!]).toEqual([0, -0, 0, 7])
    expect([...out!['scale']!]).toEqual([0, 0.5])
  })
})
