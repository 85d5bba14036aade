import { describe, expect, it } from 'vitest'
import {
  blockOf,
  castNearest,
  castSample,
  defineLanes,
  evaluate,
  layoutOf,
  locate,
  nearestPoint,
  normals,
  perTensor,
  uniforms,
  type BlockLayout,
  type Noise,
  type NumberFormat,
} from '@lotion/core'
import { blockMembers } from '@lotion/core/internal'
import { absmax } from './absmax.js'
import { builtInFormats } from './by-name.js'
import { topOf } from './format.js'
import { fp4 } from './fp4.js'
import { int4 } from './int4.js'
import { q4_0 } from './q4-0.js'

const { fround } = Math

/**
 * Nearest by search through all points, in f32 as the scale rule says; the code of a point is its distance
 * from 0.
 */
function castBySearch(format: NumberFormat, w: Float32Array, layout: BlockLayout): Float32Array {
  const { points } = format.grid
  const [top, zero] = [topOf(format), points.indexOf(0)]
  const out = new Float32Array(w.length)
  for (const block of blockMembers(layout)) {
    const amax = block.reduce((max, i) => Math.max(max, Math.abs(w[i]!)), 0)
    const scale = fround(amax / top)
    for (const i of block) {
      const x = amax === 0 ? 0 : fround(fround(w[i]! / amax) * top)
      const best = points
        .map((point, index) => ({ point, distance: Math.abs(point - x), odd: Math.abs(index - zero) % 2 }))
        .sort((p, q) => p.distance - q.distance || p.odd - q.odd)[0]!
      out[i] = fround(best.point * scale)
    }
  }
  return out
}

/**
 * Unbiased rounding to the two neighbours, written out: @lotion/noise, which has it, stands after this
 * package.
 */
const twoPoint: Noise = {
  name: 'two-point',
  claims: { unbiased: true, continuous: true, preserving: true },
  variance: ({ x, lo, hi }) => x.sub(lo).mul(hi.sub(x)),
  sample: ({ x, lo, hi }, u) => u.less(hi.sub(x).div(lo.less(hi, hi.sub(lo), 1)), lo, hi),
}

const run = (format: NumberFormat, w: ArrayLike<number>, layout: BlockLayout): Float64Array =>
  evaluate([{ fn: castNearest(format), inputs: { w }, layout }], 'f32')[0]!['w']!

describe.each(builtInFormats.filter((format) => format.scale === absmax))('castNearest $name', (format) => {
  it.each([
    ['blocks of 32', layoutOf([24, 50], blockOf(32))],
    ['blocks of 16 along the first axis', layoutOf([50, 24], blockOf(16), 0)],
    ['one block', layoutOf([1200], perTensor)],
  ])('equals a search through the points, %s', (_, layout) => {
    const w = normals({ seed: 4, stream: format.name }, 1200)
    w.fill(0, 0, 40)
    // Blocks of the format's own values and their midpoints: ties.
    w.set(
      [topOf(format), 0.5, -0.5, 1.5, -1.5, 2.5, 0.25, 0.75, 1.25, -1.75, 3.5, -5].map((x) =>
        Math.min(x, topOf(format)),
      ),
      100,
    )
    // Adding 0 turns −0 into 0: which of the two a small negative weight becomes is left open.
    expect(Float32Array.from(run(format, w, layout), (x) => x + 0)).toEqual(
      castBySearch(format, w, layout).map((x) => x + 0),
    )
  })

  it('keeps what it has made: casting a cast changes no code, and the scale by rounding alone', () => {
    const w = normals({ seed: 6, stream: format.name }, 32 * 200)
    const layout = layoutOf([w.length], blockOf(32))
    const codes = defineLanes({
      name: 'codes',
      inputs: ['w'],
      outputs: ['code'],
      body: (inputs) => ({ code: nearestPoint(locate(format, inputs.w).site) }),
    })
    const once = run(format, w, layout)
    const again = run(format, once, layout)
    const [first, second] = [w, once].map((values) =>
      evaluate([{ fn: codes, inputs: { w: values }, layout }], 'f32')[0]!['code']!.map((x) => x + 0),
    )
    expect(second).toEqual(first)
    // amax → top · scale → scale rounds twice: 2 · 2^-24 of the scale, and the weight's own product once
    // more.
    expect(once.findIndex((value, i) => Math.abs(again[i]! - value) > 4 * 2 ** -24 * Math.abs(value))).toBe(
      -1,
    )
  })
})

describe('castNearest at the edges', () => {
  it('casts zeros to zeros, and the smallest and largest numbers without NaN', () => {
    const layout = layoutOf([8], blockOf(2))
    const w = Float32Array.of(0, -0, 2 ** -149, -(2 ** -149), 3e38, -1e30, 1e-40, 3e-41)
    expect([...run(int4, w, layout)].every(Number.isFinite)).toBe(true)
    expect([...run(int4, w, layout)].slice(0, 2)).toEqual([0, -0])
  })

  it('casts to a scale below the normal numbers of f16 once and for all', () => {
    const w = new Float32Array(32)
    w[0] = 49.6 * 2 ** -24
    const layout = layoutOf([32], q4_0.block)
    const once = run(q4_0, w, layout)
    // A scale of 6.2 · 2^-24 rounds to 6 · 2^-24, the outermost point is -8.
    expect(once[0]).toBe(48 * 2 ** -24)
    expect(run(q4_0, once, layout)).toEqual(once)
  })

  it('keeps a NaN in its own weight', () => {
    const cast = run(int4, [1, NaN, -0.5, 0.25], layoutOf([4], perTensor))
    expect([...cast].map(Number.isNaN)).toEqual([false, true, false, false])
    expect(cast[0]).toBe(fround(7 * fround(1 / 7)))
  })
})

describe('castSample', () => {
  it.each([int4, fp4])('reaches each neighbour as often as the law says: $name', (format) => {
    const [size, n] = [64, 500]
    const w = normals({ seed: 9, stream: 'w' }, size)
    const sites = defineLanes({
      name: 'sites',
      inputs: ['w'],
      outputs: ['lo', 'hi', 'up'],
      body: (inputs) => {
        const { site, scale } = locate(format, inputs.w)
        const { x, lo, hi } = site
        return { lo: lo.mul(scale), hi: hi.mul(scale), up: lo.less(hi, x.sub(lo).div(hi.sub(lo)), 0) }
      },
    })
    const at = evaluate([{ fn: sites, inputs: { w }, layout: layoutOf([size], blockOf(32)) }])[0]!
    // n copies of the weights in one call; copy j draws u = (j + ½) / n.
    const copies = Float32Array.from({ length: n * size }, (_, i) => w[i % size]!)
    const u = Float64Array.from(copies, (_, i) => (Math.floor(i / size) + 0.5) / n)
    const [out] = evaluate([
      {
        fn: castSample(format, twoPoint),
        inputs: { w: copies, u },
        layout: layoutOf([n, size], blockOf(32)),
      },
    ])
    const values = out!['w']!
    expect(
      values.findIndex((value, i) => value !== at['lo']![i % size] && value !== at['hi']![i % size]),
    ).toBe(-1)
    for (let i = 0; i < size; i++) {
      const [lo, hi] = [at['lo']![i]!, at['hi']![i]!]
      const ups = values.filter((value, j) => j % size === i && lo < hi && value === hi).length
      // n stratified uniforms hit an interval of length p n·p times, rounded up or down.
      expect(Math.abs(ups - n * at['up']![i]!)).toBeLessThan(1)
    }
  })

  it('keeps the block maximum, whatever u', () => {
    const w = normals({ seed: 10, stream: 'w' }, 320)
    const layout = layoutOf([320], blockOf(32))
    const [out] = evaluate(
      [{ fn: castSample(int4, twoPoint), inputs: { w, u: uniforms({ seed: 1, stream: 'u' }, 320) }, layout }],
      'f32',
    )
    for (const block of blockMembers(layout)) {
      const largest = block.reduce((best, i) => (Math.abs(w[i]!) > Math.abs(w[best]!) ? i : best))
      expect(out!['w']![largest]).toBe(fround(7 * fround(Math.abs(w[largest]!) / 7)) * Math.sign(w[largest]!))
    }
  })
})
