// Our formats against torchao (golden/make_golden_torchao.py): casts of 100,000 random blocks by checksum,
// NVFP4's scales, NF4.
import { blockOf, castNearest, layoutOf, type NumberFormat } from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { cpu, digest, formatOf, golden, hexFloat, weights } from '../test/golden.js'
import { nf4 } from './nf4.js'
import { quantize } from './quantize.js'
import { swizzledScales } from './swizzled-scales.js'
describe('torchao', () => {
  const vectors = golden('torchao') as {
    kept: number
    casts: Record<string, { sha256: string; second: string[] }>
    nvfp4: { tensorScale: string; scales: string }
    swizzled: string
    nf4: { digits: string[]; points: string[]; blocks: number; sha256: string }
  }
  const cast = (format: NumberFormat, w: Float32Array): Float32Array => {
    const layout = layoutOf([w.length], format.block)
    return cpu.lanes([{ fn: castNearest(format), inputs: { w }, layout }])[0]!['w']!
  }

  const wide = weights(100_000, 32, false)
  const kept = new Float32Array(vectors.kept * 32)
  let count = 0
  for (let at = 0; at < wide.length; at += 32) {
    const block = wide.subarray(at, at + 32)
    const amax = block.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
    // The script leaves out what lies near the ends of E8M0.
    if (amax === 0 || (amax > 2 ** -100 && amax < 2 ** 100)) kept.set(block, 32 * count++)
  }

  it.each(Object.keys(vectors.casts))('%s', (key) => {
    expect(count).toBe(vectors.kept)
    const found = cast(formatOf(key), kept)
    const { sha256, second } = vectors.casts[key]!
    expect(Array.from(found.subarray(32, 64), (value) => value + 0)).toEqual(second.map(hexFloat))
    expect(digest(found)).toBe(sha256)
  })

  it('nvfp4: block scales and the tensor scale', () => {
    const w = weights(100_000, 16, true)
    const format = formatOf('nvfp4 e4m3-nearest')
    const out = cpu.lanes([
      { fn: quantize(format), inputs: { w }, layout: layoutOf([w.length], format.block) },
    ])[0]!
    expect(out['tensorScale']![0]).toBe(hexFloat(vectors.nvfp4.tensorScale))
    expect(digest(out['scale']!)).toBe(vectors.nvfp4.scales)
  })

  it('swizzled scales', () => {
    const { places, at } = swizzledScales(layoutOf([130, 80], blockOf(16)))
    const swizzled = new Float32Array(places)
    for (let block = 0; block < 650; block++) swizzled[at(block)] = block % 251
    expect(digest(swizzled)).toBe(vectors.swizzled)
  })

  it('nf4: points, and casts of 4,000 blocks', () => {
    const { digits, points, blocks, sha256 } = vectors.nf4
    // torchao's table is rounded to four digits.
    digits.forEach((text, i) => expect(Math.abs(nf4.grid.points[i]! - hexFloat(text))).toBeLessThan(5.1e-5))
    expect(nf4.grid.points).toEqual(points.map(hexFloat))
    expect(digest(cast(nf4, weights(blocks, 64, false)))).toBe(sha256)
  })
})
