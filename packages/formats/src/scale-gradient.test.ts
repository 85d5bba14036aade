import {
  blockOf,
  defineLanes,
  evaluate,
  gradient,
  layoutOf,
  locate,
  normals,
  trace,
  type NumberFormat,
} from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { builtInFormats } from './by-name.js'
import { e4m3Nearest } from './e4m3-nearest.js'
import { e8m0Ceil } from './e8m0-ceil.js'
import { e8m0Even } from './e8m0-even.js'
import { e8m0Floor } from './e8m0-floor.js'
import { e8m0Nearest } from './e8m0-nearest.js'
import { fixedScale } from './fixed-scale.js'
import { withBlock, withScale } from './format.js'
import { int4 } from './int4.js'
import { mseClip } from './mse-clip.js'
import { mxfp4 } from './mxfp4.js'
import { nvfp4 } from './nvfp4.js'

const BLOCK = 8
const SIZE = 10 * BLOCK
const layout = layoutOf([SIZE], blockOf(BLOCK))

/**
 * Variance of randomized rounding, in weights squared, with its slope and the slope for a scale that is held.
 */
function penalty(format: NumberFormat) {
  return defineLanes({
    name: 'penalty',
    inputs: ['w'],
    outputs: ['value', 'slope', 'held', 'direct'],
    body: ({ w }) => {
      const { site, scale, statistics } = locate(format, w)
      const { x, lo, hi } = site
      const value = x.sub(lo).mul(hi.sub(x)).mul(scale).mul(scale)
      return {
        value,
        slope: gradient(value, w),
        held: gradient(value, w, { hold: statistics }),
        direct: lo.less(hi, lo.add(hi).sub(x.mul(2)).mul(scale), x.sub(lo).mul(-2).mul(scale)),
      }
    },
  })
}

const cases = [
  ...builtInFormats,
  withScale(mxfp4, e8m0Floor),
  withScale(nvfp4, e4m3Nearest),
  withScale(int4, mseClip()),
  withScale(int4, fixedScale(0.3)),
].map((format) => ({
  title: `${format.name}, ${format.scale.name}`,
  format: withBlock(format, blockOf(BLOCK)),
}))

describe.each(cases)('slope of the variance: $title', ({ format }) => {
  const w = Float64Array.from(normals({ seed: 12, stream: 'slope' }, SIZE))
  const fn = penalty(format)
  const out = evaluate([{ fn, inputs: { w }, layout }])[0]!
  const total = (i: number, by: number): number => {
    const moved = w.map((value, j) => (j === i ? value + by : value))
    return evaluate([{ fn, inputs: { w: moved }, layout }])[0]!['value']!.reduce(
      (sum, value) => sum + value,
      0,
    )
  }

  it('is the central difference, through the scale of the block and of the tensor', () => {
    const h = 1e-7
    const here = total(0, 0)
    let compared = 0
    for (let i = 0; i < SIZE; i++) {
      const [up, down] = [(total(i, h) - here) / h, (here - total(i, -h)) / h]
      // One-sided differences part on a grid point, where the slope in use is 0, and where a scale jumps.
      if (Math.abs(up - down) > 1e-3 * (1 + Math.abs(up))) continue
      compared++
      // Curvature 1 and more times h, and rounding 1e-16 · Σ / h: both below 1e-6.
      expect(Math.abs(out['slope']![i]! - (up + down) / 2)).toBeLessThan(1e-5 * (1 + Math.abs(up)))
    }
    // One weight a block stands on a grid point, its maximum; the others are inside a cell.
    expect(compared).toBeGreaterThanOrEqual(SIZE - 10 - 2)
  })

  it('has x as the weight over the scale that is handed out, where a penalty takes its slope', () => {
    let isRounded = false
    const places = defineLanes({
      name: 'places',
      inputs: ['w'],
      outputs: ['off'],
      body: ({ w }) => {
        const { site, scale, follows } = locate(format, w)
        isRounded = follows !== undefined
        // The slope is that of the block's sum.
        return { off: gradient(site.x, scale).mul(scale).add(site.x.blockSum()) }
      },
    })
    const { off } = evaluate([{ fn: places, inputs: { w }, layout }])[0]!
    expect(isRounded ? off!.filter((value) => !(Math.abs(value) < 1e-6)) : []).toHaveLength(0)
  })

  it('is that of a constant scale when the statistics are held', () => {
    out['held']!.forEach((slope, i) => expect(slope).toBeCloseTo(out['direct']![i]!, 9))
  })
})

it.each([e8m0Ceil, e8m0Floor, e8m0Nearest, e8m0Even])('$name has no slope, by the formula alone', (scale) => {
  const fn = defineLanes({
    name: 'slope of a scale',
    inputs: ['w'],
    outputs: ['slope'],
    body: ({ w }) => ({ slope: gradient(locate(withScale(mxfp4, scale), w).scale, w) }),
  })
  expect(trace(fn).outputs['slope']).toMatchObject({ kind: 'literal', value: 0 })
})
