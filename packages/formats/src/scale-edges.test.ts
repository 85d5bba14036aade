import {
  blockOf,
  castNearest,
  defineLanes,
  evaluate,
  layoutOf,
  normals,
  type NumberFormat,
} from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { absmax } from './absmax.js'
import { builtInFormats, formatByName } from './by-name.js'
import { e4m3Ceil } from './e4m3-ceil.js'
import { e4m3Nearest } from './e4m3-nearest.js'
import { e8m0Ceil } from './e8m0-ceil.js'
import { e8m0Even } from './e8m0-even.js'
import { e8m0Floor } from './e8m0-floor.js'
import { e8m0Nearest } from './e8m0-nearest.js'
import { fixedScale } from './fixed-scale.js'
import { absmaxBf16, absmaxF16 } from './float-scale.js'
import { defineFormat, withScale } from './format.js'
import { int4 } from './int4.js'
import { e2m1 } from './minifloat.js'
import { minifloatGrid } from './minifloat-grid.js'
import { mseClip } from './mse-clip.js'
import { packingByName } from './packing-of.js'
import { quantize } from './quantize.js'

const RULES = [
  absmax,
  absmaxF16,
  absmaxBf16,
  e8m0Floor,
  e8m0Ceil,
  e8m0Nearest,
  e8m0Even,
  e4m3Nearest,
  e4m3Ceil,
  mseClip(),
]

describe.each(RULES)('edges of $name', (rule) => {
  const format = defineFormat({ name: 'edges', grid: minifloatGrid(e2m1), scale: rule })
  const cast = (w: readonly number[], size: number): number[] => [
    ...evaluate(
      [{ fn: castNearest(format), inputs: { w }, layout: layoutOf([w.length], blockOf(size)) }],
      'f32',
    )[0]!['w']!,
  ]

  it('casts a block of zeros to zeros', () => {
    expect(cast([0, 0, 0, 0], 2)).toEqual([0, 0, 0, 0])
    expect(cast([0, 0, 3, -1], 2).slice(0, 2)).toEqual([0, 0])
  })

  it('casts subnormal and huge maxima without NaN, to no more than twice the largest', () => {
    const tiny = [2 ** -149, -(2 ** -140), 2 ** -130, 2 ** -126]
    const huge = [3.4e38, -3.4e38, 1e38, 2 ** 127]
    for (const w of [tiny, huge, [...tiny, ...huge]]) {
      const out = cast(w, 2)
      const largest = Math.max(...w.map(Math.abs))
      out.forEach((value, i) => {
        expect(value).not.toBeNaN()
        // The next point above a number near the end of f32's range may be 2^128: infinite in f32.
        if (Math.abs(w[i]!) < 2 ** 127) expect(Math.abs(value)).toBeLessThanOrEqual(2 * largest)
      })
    }
  })

  it('keeps a NaN in its own weight', () => {
    expect(cast([1, NaN, -0.5, 0.25], 4).map(Number.isNaN)).toEqual([false, true, false, false])
  })

  it('has no finite number for a block with an infinite weight', () => {
    for (const infinite of [Infinity, -Infinity]) {
      const out = cast([1, infinite, 0.5, -0.25, 1, 2, 3, 4], 4)
      expect(out.slice(0, 4)).toEqual([NaN, NaN, NaN, NaN])
      // A scale of the whole tensor takes the other blocks with it.
      expect(out.slice(4).map(Number.isFinite)).toEqual(Array(4).fill(rule.tensorBits === undefined))
    }
  })

  it('saturates Gaussian blocks if and only if it says so', () => {
    const w = normals({ seed: 6, stream: 'saturation' }, 16 * 400)
    const fn = defineLanes({
      name: rule.name,
      inputs: ['w'],
      outputs: ['x'],
      body: (inputs) => ({ x: rule.scaled(inputs.w, minifloatGrid(e2m1)).x }),
    })
    const x = evaluate([{ fn, inputs: { w }, layout: layoutOf([w.length], blockOf(16)) }], 'f32')[0]!['x']!
    expect(x.some((value) => Math.abs(value) > 6)).toBe(rule.claims.saturates)
  })
})

describe('weights that are not finite, in every built-in format', () => {
  const cast = (format: NumberFormat, w: readonly number[]): ArrayLike<number> =>
    evaluate(
      [{ fn: castNearest(format), inputs: { w }, layout: layoutOf([w.length], format.block) }],
      'f32',
    )[0]!['w']!

  it.each(builtInFormats)('$name: an infinity makes its block NaN, a NaN only itself', (format) => {
    const out = cast(format, [1, -Infinity, 0.5, -0.25])
    expect(Array.from(out)).toEqual([NaN, NaN, NaN, NaN])
    expect(Array.from(cast(format, [1, NaN, 0.5, -0.25]), Number.isNaN)).toEqual([false, true, false, false])
  })

  it.each(['nvfp4', 'mxfp4', 'mxint8', 'int4', 'q4_0'])('%s: packing refuses them', (name) => {
    const format = formatByName(name)
    const layout = layoutOf([32], format.block)
    for (const bad of [Infinity, NaN]) {
      const w = [bad, ...Array<number>(31).fill(1)]
      const out = evaluate([{ fn: quantize(format), inputs: { w }, layout }], 'f32')[0]!
      const [values, scales, tensorScale] = [out['value']!, out['scale']!, out['tensorScale']![0]!]
      expect(() => packingByName(name).pack({ layout, values, scales, tensorScale })).toThrow(RangeError)
    }
  })

  it('saturates under a fixed scale, which the weights do not choose', () => {
    const fixed = withScale(int4, fixedScale(1))
    expect(Array.from(cast(fixed, [1, Infinity, -Infinity, NaN]))).toEqual([1, 7, -7, NaN])
  })
})
