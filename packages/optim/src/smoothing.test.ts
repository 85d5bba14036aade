import {
  blockOf,
  castNearest,
  defineLanes,
  evaluate,
  layoutOf,
  locate,
  perRow,
  perTensor,
  uniforms,
  type Block,
  type BlockLayout,
  type NumberFormat,
  type Shape,
} from '@lotion/core'
import { blockMembers } from '@lotion/core/internal'
import { exact } from '@lotion/fisher'
import { absmaxBf16, absmaxF16, fp4, int3, int4, nvfp4, withBlock, withScale } from '@lotion/formats'
import { topOf } from '@lotion/formats/internal'
import { randomizedRounding } from '@lotion/noise'
import { describe, expect, it } from 'vitest'
import { smoothing, smoothingPenalty, type SmoothingOptions } from './smoothing.js'

const SHAPE: Shape = [7, 6]
const SIZE = 42

const cases = [int4, int3, fp4].flatMap((format) =>
  (
    [
      ['blocks of 4, the last of 2', blockOf(4), -1],
      ['blocks of 4 down the columns, the last of 3', blockOf(4), 0],
      ['a row', perRow, -1],
      ['the tensor', perTensor, -1],
    ] as readonly (readonly [string, Block, number])[]
  ).map(([title, block, axis]) => ({
    title: `${format.name}, ${title}`,
    format: withBlock(format, block),
    layout: layoutOf(SHAPE, block, axis),
  })),
)

interface Weights {
  readonly w: Float64Array
  readonly fisher: Float64Array
  /** Index of the largest weight of each block. */
  readonly largest: readonly number[]
}

/**
 * Weights whose penalty is smooth: in each block one of magnitude amax, of either sign, and all others at 10
 * to 90 % of the width of a cell below 95 % of the top. A central difference of 10^-3 amax moves a code by at
 * most 7 · 10^-3, a tenth of the narrowest margin (10 % of FP4's ½), so no difference crosses a grid point or
 * changes the maximum.
 */
function insideCells(
  format: NumberFormat,
  layout: BlockLayout,
  onGrid?: (index: number) => boolean,
): Weights {
  const [where, cell, side] = ['where', 'cell', 'side'].map((stream) => uniforms({ seed: 7, stream }, SIZE))
  const { points } = format.grid
  const top = topOf(format)
  const w = new Float64Array(SIZE)
  const largest: number[] = []
  blockMembers(layout).forEach((members, block) => {
    const amax = 0.5 + block / 4
    members.forEach((i, k) => {
      if (k === block % members.length) {
        largest.push(i)
        w[i] = cell![i]! < 0.5 ? -amax : amax
        return
      }
      const j = Math.floor(cell![i]! * (points.length - 1))
      const inside = points[j]! + (0.1 + 0.8 * where![i]!) * (points[j + 1]! - points[j]!)
      const code = onGrid?.(i)
        ? points[Math.min(Math.max(j, 1), points.length - 2)]!
        : Math.max(-0.95 * top, Math.min(0.95 * top, inside))
      w[i] = (code / top) * amax
    })
  })
  return { w, fisher: Float64Array.from(side!, (u) => 0.25 + u), largest }
}

/** The slope that the transformation adds to a gradient of 0 at λ = 1, in f64. */
function slopeOf(
  options: Pick<SmoothingOptions, 'format'> & Partial<SmoothingOptions>,
  layout: BlockLayout,
  { w, fisher }: Weights,
): Float64Array {
  const part = smoothing({ noise: randomizedRounding, fisher: exact(), lambda: 1, ...options })
  const fn = defineLanes({
    name: 'slope',
    inputs: ['w', 'update', 'curvature'],
    scalars: ['lambda'],
    outputs: ['update'],
    body: (x) => ({ update: part.update(x).update }),
  })
  const inputs = { w, curvature: fisher, update: 0, ...part.scalars({ step: 0, steps: 1, terms: 1 }) }
  return evaluate([{ fn, inputs, layout }])[0]!.update!
}

function valueOf(format: NumberFormat, layout: BlockLayout, w: Float64Array, fisher: Float64Array): number {
  return evaluate([{ fn: smoothingPenalty(format, randomizedRounding), inputs: { w, fisher }, layout }])[0]!
    .penalty![0]!
}

/** Neighbours of a scaled weight, by looking through the list of points. */
function cellOf(format: NumberFormat, x: number): readonly [lo: number, hi: number] {
  const { points } = format.grid
  const lo = points.findLast((point) => point <= x)!
  return [lo, points.find((point) => point >= x)!]
}

/**
 * ½ F (c_lo s + c_hi s − 2 w), and on the block's maximum the slope through the scale (DESIGN 4.3): an
 * independent oracle.
 */
function closedForm(
  format: NumberFormat,
  layout: BlockLayout,
  { w, fisher, largest }: Weights,
): Float64Array {
  const top = topOf(format)
  const slope = new Float64Array(SIZE)
  blockMembers(layout).forEach((members, block) => {
    const k = largest[block]!
    const scale = Math.abs(w[k]!) / top
    for (const i of members) {
      if (i === k) continue
      const [lo, hi] = cellOf(format, w[i]! / scale)
      if (lo === hi) continue
      slope[i] = 0.5 * fisher[i]! * (scale * (lo + hi) - 2 * w[i]!)
      slope[k]! += (Math.sign(w[k]!) / top) * 0.5 * fisher[i]! * (w[i]! * (hi + lo) - 2 * scale * lo * hi)
    }
  })
  return slope
}

/** Another order of a dozen f64 operations on numbers below 10, cancelled at most a hundredfold. */
const ROUNDINGS = 1e-12

describe.each(cases)('slope of the penalty: $title', ({ format, layout }) => {
  const weights = insideCells(format, layout)
  const slope = slopeOf({ format }, layout, weights)

  it('is the central difference of the value', () => {
    for (let i = 0; i < SIZE; i++) {
      const h = 1e-3 * Math.abs(weights.w[weights.largest[0]!]!)
      const at = (shift: number): number =>
        valueOf(
          format,
          layout,
          Float64Array.from(weights.w, (w, j) => (j === i ? w + shift : w)),
          weights.fisher,
        )
      // The value is quadratic in each weight, also through the scale: the difference is exact but for
      // rounding, 2^-53 · (a penalty below 1) · (a few dozen terms) / h ≈ 10^-12.
      expect(Math.abs((at(h) - at(-h)) / (2 * h) - slope[i]!)).toBeLessThan(1e-10)
    }
  })

  it('is the closed form', () => {
    closedForm(format, layout, weights).forEach((expected, i) =>
      expect(Math.abs(slope[i]! - expected)).toBeLessThan(ROUNDINGS),
    )
    expect(weights.largest.some((k) => Math.abs(slope[k]!) > 0.01)).toBe(true)
  })

  it('without the scale gradient is 0 on the maximum and the same elsewhere', () => {
    const held = slopeOf({ format, scaleGradient: false }, layout, weights)
    held.forEach((value, i) =>
      weights.largest.includes(i)
        ? expect(value).toBe(0)
        : expect(Math.abs(value - slope[i]!)).toBeLessThan(ROUNDINGS),
    )
  })

  it('is 0 at grid points, but for the maximum, which other weights still push', () => {
    // amax and top are such that (code / top · amax) / amax · top need not give the code back in floating
    // point; where it does not, the weight is not at a grid point, so only those that are count.
    const mixed = insideCells(format, layout, (i) => i % 3 === 0)
    const at = slopeOf({ format }, layout, mixed)
    let counted = 0
    blockMembers(layout).forEach((members, block) => {
      const k = mixed.largest[block]!
      for (const i of members) {
        const x = (mixed.w[i]! / Math.abs(mixed.w[k]!)) * topOf(format)
        if (i === k || !format.grid.points.includes(x)) continue
        counted++
        expect(Math.abs(at[i]!)).toBe(0)
      }
    })
    expect(counted).toBeGreaterThan(2)
    expect(mixed.largest.some((k) => Math.abs(at[k]!) > 0.001)).toBe(true)
  })
})

describe.each([
  ['f16', withScale(int4, absmaxF16)],
  ['bf16', withScale(int4, absmaxBf16)],
  ['E4M3, rounded up', nvfp4],
])('slope through a scale that is rounded to %s', (_, plain) => {
  const format = withBlock(plain, blockOf(4))
  const layout = layoutOf(SHAPE, blockOf(4))
  const weights = insideCells(format, layout)
  const { w, fisher, largest } = weights

  it('is that of the scale before its rounding: the closed form, with scale / amax in the place of 1 / top', () => {
    const found = defineLanes({
      name: 'scales',
      inputs: ['w'],
      outputs: ['scale'],
      body: ({ w: weight }) => ({ scale: locate(format, weight).scale }),
    })
    const { scale } = evaluate([{ fn: found, inputs: { w }, layout }])[0]!
    const expected = new Float64Array(SIZE)
    blockMembers(layout).forEach((members, block) => {
      const k = largest[block]!
      const s = scale![scale!.length === SIZE ? k : block]!
      for (const i of members) {
        const [lo, hi] = cellOf(format, w[i]! / s)
        expected[i]! += 0.5 * fisher[i]! * (s * (lo + hi) - 2 * w[i]!)
        expected[k]! += ((s / w[k]!) * fisher[i]! * (w[i]! * (hi + lo) - 2 * s * lo * hi)) / 2
      }
    })
    const slope = slopeOf({ format }, layout, weights)
    expected.forEach((value, i) => expect(Math.abs(slope[i]! - value)).toBeLessThan(ROUNDINGS))
    const held = slopeOf({ format, scaleGradient: false }, layout, weights)
    expect(largest.some((k) => Math.abs(slope[k]! - held[k]!) > 0.01)).toBe(true)
    held.forEach((value, i) => largest.includes(i) || expect(value).toBe(slope[i]!))
  })

  it('is 0 for a block of zeros', () =>
    slopeOf({ format }, layout, { ...weights, w: new Float64Array(SIZE) }).forEach((value) =>
      expect(Math.abs(value)).toBe(0),
    ))
})

describe('smoothing', () => {
  const layout = layoutOf(SHAPE, blockOf(5))
  const format = withBlock(int4, blockOf(5))

  it('is 0 everywhere, the maximum included, where all weights are on the grid, and for a block of zeros', () => {
    const all = insideCells(format, layout, () => true)
    // Powers of two as scales: every weight is exactly code · scale.
    const w = Float64Array.from(all.w, (value) => Math.round((value / 0.5) * 7) / 8)
    blockMembers(layout).forEach((members, block) => (w[members[block % members.length]!] = 7 / 8))
    const clamped = w.map((value) => Math.max(-7 / 8, Math.min(7 / 8, value)))
    expect(slopeOf({ format }, layout, { ...all, w: clamped }).every((value) => Math.abs(value) === 0)).toBe(
      true,
    )
    expect(
      slopeOf({ format }, layout, { ...all, w: new Float64Array(SIZE) }).every(
        (value) => Math.abs(value) === 0,
      ),
    ).toBe(true)
  })

  it('scales with λ and follows its schedule', () => {
    const weights = insideCells(format, layout)
    const once = slopeOf({ format }, layout, weights)
    slopeOf({ format, lambda: 0.25 }, layout, weights).forEach((value, i) =>
      expect(value).toBe(once[i]! * 0.25),
    )
    slopeOf({ format, lambda: ({ step, steps }) => 2 * (step + 1) * steps }, layout, weights).forEach(
      (value, i) => expect(value).toBe(once[i]! * 2),
    )
  })

  it('pulls towards the nearest grid point: its slope has the sign of w − cast(w)', () => {
    const weights = insideCells(format, layout)
    const slope = slopeOf({ format, scaleGradient: false }, layout, weights)
    const cast = evaluate([{ fn: castNearest(format), inputs: { w: weights.w }, layout }])[0]!.w!
    slope.forEach((value, i) => expect(Math.sign(value)).toBe(Math.sign(weights.w[i]! - cast[i]!)))
  })

  it('refuses a strength below 0 or not a number, at once or at its step', () => {
    const weights = insideCells(format, layout)
    expect(() => slopeOf({ format, lambda: -1 }, layout, weights)).toThrow(
      'lambda: expected a finite number of at least 0, found -1',
    )
    expect(() => slopeOf({ format, lambda: Number.NaN }, layout, weights)).toThrow(
      'lambda: expected a finite number of at least 0, found NaN',
    )
    expect(() => slopeOf({ format, lambda: () => -0.5 }, layout, weights)).toThrow(
      'lambda: expected a finite number of at least 0, found -0.5; from its schedule at step 1 of 1',
    )
  })
})
