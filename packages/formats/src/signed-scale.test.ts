// The signed maximum against blocks that gguf's own quantizer wrote, and by hand.

import { castNearest, evaluate, layoutOf } from '@lotion/core'
import { expect, it } from 'vitest'
import { golden, mix } from '../test/golden.js'
import { packingByName } from './packing-of.js'
import { q4_0Full } from './q4-0-full.js'
import { quantize } from './quantize.js'
import { clippedWeights } from './reach.js'

it('lays blocks as the quantizer of the gguf package does, whose scale is rounded to nearest', () => {
  const { written } = golden('bytes') as { written: Record<string, { bytes: string }> }
  const layout = layoutOf([128, 32], q4_0Full.block)
  const theirs = packingByName('q4_0').unpack(
    { blocks: Uint8Array.from(Buffer.from(written['q4_0']!.bytes, 'hex')) },
    layout,
  )
  const w = Float32Array.from({ length: 128 * 32 }, (_, i) => {
    const total = [0, 1, 2, 3].reduce((sum, part) => sum + (mix(4 * i + part) >>> 12), 0)
    return (total - 2 ** 21) * 2 ** -25
  })
  w.fill(0, 3 * 32, 4 * 32)
  w[4 * 32 + 31] = -0.25
  const [ours] = evaluate([{ fn: quantize(q4_0Full), inputs: { w }, layout }], 'f32')
  const [scales, codes] = [ours!['scale']!, ours!['value']!]
  for (let b = 0; b < layout.blocks; b++) {
    const [own, other] = [scales[b]!, theirs.scales[b]!]
    // The next f16 number at most, and of the same sign.
    expect(Math.abs(own - other)).toBeLessThanOrEqual(Math.abs(other) * 2 ** -10)
  }
  expect([scales.some((scale) => scale > 0), scales.some((scale) => scale < 0)]).toEqual([true, true])
  const off = codes.filter((code, i) => code !== theirs.values[i])
  expect(off.length).toBeLessThan(0.01 * w.length)
  codes.forEach((code, i) => expect(Math.abs(code - theirs.values[i]!)).toBeLessThanOrEqual(1))
})

it('says which weights no scale of f16 covers', () => {
  const w = Float32Array.from({ length: 32 }, (_, i) => (i === 3 ? -1e6 : 1))
  expect(clippedWeights(q4_0Full, w)).toEqual({ count: 1, reach: 8 * 65504 })
})

it('takes the largest weight to code -8 with either sign, clips the other end at 7, keeps zeros', () => {
  const cast = (block: readonly number[]): number[] => {
    const w = Float32Array.from({ length: 32 }, (_, i) => block[i] ?? 0)
    const [out] = evaluate(
      [{ fn: castNearest(q4_0Full), inputs: { w }, layout: layoutOf([32], q4_0Full.block) }],
      'f32',
    )
    return Array.from(out!['w']!.subarray(0, block.length), (value) => value + 0)
  }
  expect(cast([8, -8, 3.4, -7.6])).toEqual([8, -7, 3, -7])
  expect(cast([-8, 7.9, 3.4, -7.6])).toEqual([-8, 7, 3, -8])
  expect(cast([0, 0])).toEqual([0, 0])
  expect(cast([8, -7.6, 0, 1])).toEqual(cast(cast([8, -7.6, 0, 1])))
})
