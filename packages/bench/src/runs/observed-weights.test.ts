// What is seen of weights, against numbers worked out by hand; and that looking changes nothing.

import { blockOf } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { builtInFormats, int2, int4, q4_0Full, withBlock } from '@lotion/formats'
import type { QuantizeRule } from '@lotion/optim'
import { expect, test } from 'vitest'
import { gridBins, weightsObserver } from './observed-weights.js'

const executor = cpuExecutor({ threads: 1 })
const shapes = { w: [8], bias: [2] }

/** One block; its largest weight is 7, so that the scale of int4 is 1. */
const start = () => ({
  w: Float32Array.of(7, 0, 0.25, -0.25, 1.5, -3, 2.125, -7),
  bias: Float32Array.of(1, 2),
})

const everythingOf =
  (name: string): QuantizeRule =>
  (parameter) =>
    parameter.name === name ? { axis: -1 } : null

const observe = (params: ReturnType<typeof start>) =>
  weightsObserver({
    workload: { shapes, quantize: everythingOf('w') },
    opened: { executor },
    params,
    format: withBlock(int4, blockOf(8)),
  })

test('distances, σ², codes and the histogram of eight weights', () => {
  const params = start()
  const observer = observe(params)
  const seen = observer.look()
  // Cells have width 1: .25, .25, .5 and .125 off the grid, of eight weights.
  expect(seen.distance).toBeCloseTo((0.25 + 0.25 + 0.5 + 0.125) / 8, 6)
  // σ² of randomized rounding is d (1 − d).
  expect(seen.variance).toBeCloseTo((2 * 0.1875 + 0.25 + 0.109375) / 8, 6)
  expect(seen.saturated).toBe(0)
  // Nearest: 7, 0, 0, 0, 2 (even), −3, 2, −7: counts 1, 3, 2, 1, 1 of the 15 codes.
  const entropy = -(3 * (1 / 8) * Math.log2(1 / 8) + (3 / 8) * Math.log2(3 / 8) + (2 / 8) * Math.log2(2 / 8))
  expect(seen.codes).toEqual({ used: 5, of: 15, entropy: expect.closeTo(entropy, 5) })
  const signal = 49 + 0.0625 + 0.0625 + 2.25 + 9 + 2.125 ** 2 + 49
  expect(seen.sqnr).toEqual([expect.closeTo(10 * Math.log10(signal / (0.125 + 0.25 + 0.015625)), 3)])
  const { from, width, counts } = seen.grid
  expect(counts.reduce((sum, n) => sum + n, 0)).toBe(8)
  // Grid points stand in the middle of their bins, and 0 is one of them.
  const zero = Math.floor((0 - from) / width)
  expect(from + (zero + 0.5) * width).toBeCloseTo(0, 12)
  expect(counts[zero]).toBe(1)
  expect(seen.around.reduce((sum, n) => sum + n, 0)).toBe(8)
  expect(seen.around[(seen.around.length - 1) / 2]).toBe(4)
  expect(seen).not.toHaveProperty('flips')
  expect(params).toEqual(start())
  expect(observer.parameters).toEqual([
    // 4 bits, and a scale of 32 bits for eight weights.
    { name: 'w', weights: 8, format: 'int4', block: '8', bits: 8 },
    { name: 'bias', weights: 2, bits: 32 },
  ])
})

test('bins are even around the points of every grid: no point lies on an edge, those of integers in the middle', () => {
  for (const { name, grid } of builtInFormats) {
    const { from, width, counts } = gridBins({ grid })
    const places = grid.points.map((point) => (point - from) / width)
    expect(places.at(-1), name).toBeLessThan(counts.length)
    expect(counts.length, name).toBeLessThan(300)
    for (const place of places) expect(Math.abs(place - Math.round(place)), name).toBeGreaterThan(1e-9)
    if (!name.includes('int')) continue
    for (const place of places) expect(place - Math.floor(place), name).toBeCloseTo(0.5, 6)
  }
})

test('flips are the share of codes that changed since they were remembered, once', () => {
  const params = start()
  const observer = observe(params)
  observer.remember()
  // Two of eight: 1.5 → 1.25 rounds to 1 and not to 2; .25 → .75 to 1. −.25 → −.3 stays at 0.
  params.w.set([0.75, -0.3, 1.25], 2)
  expect(observer.look().flips).toEqual([0.25])
  expect(observer.look()).not.toHaveProperty('flips')
})

test('a scale that turns its sign over flips no code of a weight that stays', () => {
  const params = { w: Float32Array.of(8.01, -8, 3, -3, 1, 0, 2, -5), bias: Float32Array.of(1, 2) }
  const observer = weightsObserver({
    workload: { shapes, quantize: everythingOf('w') },
    opened: { executor },
    params,
    format: withBlock(q4_0Full, blockOf(8)),
  })
  observer.remember()
  params.w.set([8, -8.01])
  // 8 was the lowest code and is clipped to 7 now, −8 the other way round; the other six stay.
  expect(observer.look().flips).toEqual([2 / 8])
})

test('a grid of a few points has whole bins a cell, and weights that lie on it no distance', () => {
  const params = { ...start(), w: Float32Array.of(1, -1, 0, 0, 1, 1, -1, 0) }
  const format = withBlock(int2, blockOf(8))
  const workload = { shapes, quantize: everythingOf('w') }
  const seen = weightsObserver({ workload, opened: { executor }, params, format }).look()
  expect(seen.distance).toBe(0)
  expect(seen.sqnr).toEqual([null])
  expect(seen.grid.width).toBe(1 / 9)
})
