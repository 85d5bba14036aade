import { describe, expect, it } from 'vitest'
import { blockOf, defineLanes, evaluate, layoutOf, normals, type Grid, type ScaleRule } from '@lotion/core'
import { binade, blockMembers, randomWords } from '@lotion/core/internal'
import { absmax } from './absmax.js'
import { e4m3Ceil } from './e4m3-ceil.js'
import { e4m3Nearest } from './e4m3-nearest.js'
import { e8m0Ceil } from './e8m0-ceil.js'
import { e8m0Even } from './e8m0-even.js'
import { e8m0Floor } from './e8m0-floor.js'
import { e8m0Nearest } from './e8m0-nearest.js'
import { fixedScale } from './fixed-scale.js'
import { absmaxBf16, absmaxF16 } from './float-scale.js'
import { int4 } from './int4.js'
import { intGrid } from './int-grid.js'
import { bf16, e2m1, e2m3, e3m2, e4m3, e5m2, f16, magnitudesOf } from './minifloat.js'
import { minifloatGrid } from './minifloat-grid.js'
import { mseClip } from './mse-clip.js'
import { mxint8 } from './mxint8.js'
import { nf4Grid } from './nf4.js'
import { topPoint } from './top-point.js'

const { fround } = Math
const GRIDS: readonly Grid[] = [
  ...[2, 4, 8].map(intGrid),
  ...[e2m1, e3m2, e2m3, e4m3, e5m2].map(minifloatGrid),
  mxint8.grid,
  nf4Grid,
]

function run(rule: ScaleRule, grid: Grid, w: ArrayLike<number>, block: number) {
  const fn = defineLanes({
    name: rule.name,
    inputs: ['w'],
    outputs: ['x', 'scale'],
    body: (inputs) => {
      const { x, scale } = rule.scaled(inputs.w, grid)
      return { x, scale }
    },
  })
  const [out] = evaluate([{ fn, inputs: { w }, layout: layoutOf([w.length], blockOf(block)) }], 'f32')
  return { x: out!['x']!, scale: out!['scale']! }
}

/** Random f32 bit patterns: every exponent alike, subnormals included, neither 0 nor NaN nor an infinity. */
function bitPatterns(count: number, stream: string): Float32Array {
  const values = new Float32Array(randomWords({ seed: 2, stream }, 2 * count).buffer)
  return values.filter((value) => Number.isFinite(value) && value !== 0).slice(0, count)
}

/** Magnitudes of interest to a rule: exactly top · a scale, its f32 neighbours, and bit patterns. */
function maxima(top: number, scales: readonly number[]): Float32Array {
  const exact = scales
    .map((scale) => fround(scale * top))
    .filter((value) => value > 0 && Number.isFinite(value))
  const bits = new Int32Array(Float32Array.from(exact).buffer)
  const around = [-1, 0, 1].flatMap((step) => [...new Float32Array(bits.map((word) => word + step).buffer)])
  return Float32Array.from([...around.filter(Number.isFinite), ...bitPatterns(3000, 'maxima')], Math.abs)
}

/**
 * The smallest value of an ascending list that covers amax when multiplied by top; the largest if none does.
 */
function covering(list: readonly number[], amax: number, top: number): number {
  let [low, high] = [0, list.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle]! * top >= amax) high = middle
    else low = middle + 1
  }
  return list[low]!
}

/**
 * Scales that rules may give on a grid: none whose top is infinite in f32, and of 16-bit floats, on grids of
 * few steps, short ones.
 */
function scalesOn(grid: Grid, name: string, list: readonly number[]): readonly number[] {
  const finite = list.filter((scale) => Number.isFinite(fround(scale * topPoint(grid))))
  const [second, top] = grid.points.slice(-2) as [number, number]
  const steps = (2 * top) / (top - second)
  if (name === 'e8m0-ceil' || steps > 32 || grid === nf4Grid) return finite
  // Powers of two of the smallest scale, and from one of them on, all scales that have as many units as the
  // grid has steps.
  const dense = 2 ** Math.ceil(Math.log2(Math.max(steps - 1, 1)))
  return finite.filter((scale) => {
    const units = scale / list[1]!
    return scale === 0 || units >= dense || Number.isInteger(Math.log2(units))
  })
}

const POWERS = Array.from({ length: 255 }, (_, code) => 2 ** (code - 127))

describe.each<[string, ScaleRule, readonly number[]]>([
  ['absmax-f16', absmaxF16, magnitudesOf(f16)],
  ['absmax-bf16', absmaxBf16, magnitudesOf(bf16)],
  ['e8m0-ceil', e8m0Ceil, POWERS],
])('%s', (name, rule, list) => {
  it.each(GRIDS)(
    'is the smallest scale that covers the block, by search, and saturates nothing: $name',
    (grid) => {
      const top = topPoint(grid)
      const scales = scalesOn(grid, name, list)
      const some = scales.filter(
        (_, i) => i % Math.ceil(scales.length / 700) === 0 || i < 20 || i > scales.length - 20,
      )
      const w = maxima(top, some)
      const { x, scale } = run(rule, grid, w, 1)
      expect(rule.name).toBe(name)
      if (rule.reach) expect(rule.reach(grid)).toBe(top * scales.at(-1)!)
      expect(scale.findIndex((s, i) => s !== covering(scales, w[i]!, top))).toBe(-1)
      expect(x.findIndex((value, i) => Math.abs(value) > top && w[i]! <= top * scales.at(-1)!)).toBe(-1)
    },
  )
})

describe.each<[ScaleRule, (amax: number, grid: Grid) => number]>([
  [e8m0Floor, (amax, grid) => binade(amax) / binade(topPoint(grid))],
  [
    // The f32 quotient's nearest power of two by distance; ties go up.
    e8m0Nearest,
    (amax, grid) => {
      const ratio = fround(amax / topPoint(grid))
      const sorted = POWERS.map((power, code) => ({
        power,
        distance: Math.abs(ratio - power),
        code,
      }))
      return sorted.sort((p, q) => p.distance - q.distance || q.code - p.code)[0]!.power
    },
  ],
  [
    // Rounded to the grid's precision by adding half a step to the mantissa, then truncated.
    e8m0Even,
    (amax, grid) => {
      const [second, top] = grid.points.slice(-2) as [number, number]
      const halfStep = ((top - second) / binade(top)) * binade(amax) * 0.5
      return binade(amax + halfStep) / binade(top)
    },
  ],
])('$name', (rule, oracle) => {
  it.each(GRIDS.filter((grid) => grid !== nf4Grid))('is the power of two by definition: $name', (grid) => {
    const top = topPoint(grid)
    // Halves of binades and of steps below the next power of two are where the choice flips.
    const edges = POWERS.slice(10, 230).flatMap((power) =>
      [1, 1.5, 1.75, 1.875, 2 - 2 ** -7].map((m) => m * power),
    )
    const w =
      rule === e8m0Nearest
        ? maxima(
            top,
            edges.filter((_, i) => i % 7 === 0),
          ).slice(0, 1500)
        : maxima(1, edges)
    const { scale } = run(rule, grid, w, 1)
    const largest = POWERS.findLast((power) => Number.isFinite(fround(power * top)))!
    const wanted = (amax: number): number => Math.min(Math.max(oracle(amax, grid), 2 ** -127), largest)
    const off = [...w].filter((amax, i) => scale[i] !== wanted(amax))
    expect(off).toEqual([])
  })
})

describe('two-level scales', () => {
  const grid = minifloatGrid(e2m1)
  const list = magnitudesOf(e4m3)
  const w = normals({ seed: 8, stream: 'two-level' }, 16 * 500).map((x, i) => x * 2 ** -((i >> 4) % 14))

  it('e4m3-ceil: smallest covering E4M3 number and 16-bit tensor scale, by exact products, nothing beyond the ends', () => {
    const { x, scale } = run(e4m3Ceil, grid, w, 16)
    const tensorMax = w.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
    // 16 bits from the binade of M / 2688 on.
    const step = 2 ** (Math.floor(Math.log2(tensorMax / 2688)) - 15)
    const tensor = Math.ceil(tensorMax / 2688 / step) * step
    // Below 2^-6 powers of two alone.
    const scales = list.filter(
      (value) => value >= 2 ** -6 || value === 0 || Number.isInteger(Math.log2(value)),
    )
    blockMembers(layoutOf([w.length], blockOf(16))).forEach((members, b) => {
      const amax = members.reduce((max, i) => Math.max(max, Math.abs(w[i]!)), 0)
      expect(scale[b]).toBe(covering(scales, amax / tensor, 6) * tensor)
      expect(members.every((i) => Math.abs(x[i]!) <= 6)).toBe(true)
    })
  })

  it('e4m3-nearest: the E4M3 number nearest to amax / (6 t)', () => {
    const { x, scale } = run(e4m3Nearest, grid, w, 16)
    const tensor = fround(w.reduce((max, value) => Math.max(max, Math.abs(value)), 0) / 2688)
    blockMembers(layoutOf([w.length], blockOf(16))).forEach((members, b) => {
      const amax = members.reduce((max, i) => Math.max(max, Math.abs(w[i]!)), 0)
      const ratio = fround(fround(amax / 6) / tensor)
      const block = list
        .map((value, code) => ({ value, distance: Math.abs(value - ratio), odd: code % 2 }))
        .sort((p, q) => p.distance - q.distance || p.odd - q.odd)[0]!.value
      expect(scale[b]).toBe(fround(block * tensor))
      for (const i of members) expect(x[i]).toBe(fround(w[i]! / fround(block * tensor)))
    })
  })

  it('is never beyond the ends for tensors of any size', () => {
    const patterns = bitPatterns(6000, 'sizes')
    for (let at = 0; at < patterns.length; at += 24) {
      const { x } = run(e4m3Ceil, grid, patterns.slice(at, at + 24), 4)
      expect(x.every((value) => Math.abs(value) <= 6)).toBe(true)
    }
  })
})

describe('mse-clip', () => {
  const grid = int4.grid
  const w = normals({ seed: 4, stream: 'clip' }, 32 * 200).map((x, i) => (i % 32 === 5 ? 3 * x : x))

  it('chooses the candidate of the least squared error, by trying them all', () => {
    const clips = [1, 0.9, 0.8, 0.7, 0.6]
    const { scale } = run(mseClip(clips), grid, w, 32)
    const at = (clip: number): Float64Array => run(fixedClip(clip), grid, w, 32).x
    const tried = clips.map(at)
    blockMembers(layoutOf([w.length], blockOf(32))).forEach((members, b) => {
      const amax = members.reduce((max, i) => Math.max(max, Math.abs(w[i]!)), 0)
      const errors = clips.map((clip, j) =>
        members.reduce((sum, i) => {
          const q = Math.min(Math.max(Math.round(tried[j]![i]!), -7), 7)
          return sum + (q * clip - (w[i]! / amax) * 7) ** 2
        }, 0),
      )
      const chosen = clips.findIndex((clip) => scale[b] === fround(fround(amax * fround(clip)) / 7))
      // Errors are sums of 32 squares below 50, rounded to f32: equal within 1e-4.
      expect(errors[chosen]! - Math.min(...errors)).toBeLessThan(1e-4)
    })
    expect(new Set(scale).size).toBeGreaterThan(100)
  })

  it('is absmax for a single candidate 1, and claims what it does', () => {
    expect(run(mseClip([1]), grid, w, 32)).toEqual(run(absmax, grid, w, 32))
    expect([mseClip([1]), mseClip()].map((rule) => rule.claims.saturates)).toEqual([false, true])
    for (const bad of [[], [0], [1.1], [NaN]])
      expect(() => mseClip(bad)).toThrow(/candidates: expected fractions/)
  })

  /** Absmax with the limit at a fraction of the maximum. */
  function fixedClip(clip: number): ScaleRule {
    return {
      ...absmax,
      scaled: (x, g) => ({ ...absmax.scaled(x.div(clip), g), x: absmax.scaled(x, g).x.div(clip) }),
    }
  }
})

describe('fixedScale', () => {
  it('divides by the constant', () => {
    const out = run(fixedScale(0.25), int4.grid, [1, -0.1, 3], 3)
    expect([...out.x]).toEqual([4, fround(fround(-0.1) / 0.25), 12])
    expect([...out.scale]).toEqual([0.25])
    for (const bad of [0, -1, NaN, Infinity])
      expect(() => fixedScale(bad)).toThrow(/scale: expected a finite number above 0/)
  })
})
