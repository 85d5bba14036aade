import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import type { EnginePreset } from '../engine/preset.js'
import { quietly } from '../harness/quietly.js'
import { reportText } from '../harness/report.js'
import { withTorchHere } from '../harness/torch-here.js'
import { compareProducts, multipliers, type Multiplier } from './compare-products.js'
import { flopsOf, matmulCases, nameOf } from './matmul-case.js'
import { ours } from './ours.js'
import { torch } from './torch.js'

const tiny: EnginePreset = {
  name: 'tiny',
  model: { vocabulary: 16, dimension: 16, layers: 2, heads: 4, hidden: 24, context: 8 },
  batch: 2,
  rounds: 2,
  slowPeers: true,
}

it('lists the products of a step, whose flops are those of the model', () => {
  const cases = matmulCases(tiny)
  const total = (of: (use: string) => boolean): number =>
    cases.filter(({ use }) => of(use)).reduce((sum, one) => sum + flopsOf(one), 0)
  // 6 flops a weight and token: one projection, one of the up and gate, the down projection, the head; 16
  // tokens.
  expect(total((use) => use.includes(': '))).toBe(6 * 16 * (16 * 16 + 2 * 16 * 24 + 16 * 16))
  // Three products of [8, 8] and [8, 4] for each of 2 · 4 heads.
  expect(total((use) => /^(scores|weights)/.test(use))).toBe(3 * 2 * 8 * (8 * 8 * 4))
})

it('measures every product on every way, after a check that they agree', async () => {
  await tf.setBackend('cpu')
  const competitors = multipliers([1, 2], false)
  const report = await compareProducts({ preset: tiny, rounds: 2, threads: [1, 2], competitors }, quietly())
  expect(report.rows).toHaveLength(64)
  expect(report.rows.slice(0, 4).map(({ use, form, way, threads }) => [use, form, way, threads])).toEqual([
    ['projections: y', 'NT', 'ours', 1],
    ['projections: y', 'NT', 'ours', 2],
    ['projections: y', 'NT', 'tfjs wasm', 1],
    ['projections: y', 'NT', 'tfjs wasm, our kernels', 1],
  ])
  for (const { milliseconds, gigaflops, batch, rows, depth, columns } of report.rows) {
    const flops = 2 * batch.reduce((a, b) => a * b, 1) * rows * depth * columns
    expect((gigaflops * milliseconds.median * 1e6) / flops).toBeCloseTo(1, 9)
  }
  expect(report.absent).toEqual([
    { name: 'PyTorch', absent: expect.stringContaining('--with-torch') as string },
  ])
  expect(tf.getBackend()).toBe('cpu')
  expect(tf.getKernel('UnsortedSegmentSum', 'wasm')).toBeUndefined()
  expect(reportText(report, { plain: true })).toMatch(
    /^scores +2·4 of 8 × 4 × 8 +NT +\S+ +\S+ +\S+ +\S+ +\S+ ×$/m,
  )
})

it('refuses to time a way that multiplies something else', async () => {
  const wrong: Multiplier = {
    name: 'wrong',
    open: async ({ cases }) => ({
      tasks: cases.map((one) => ({
        task: nameOf(one),
        threads: 1,
        first: async () => [0, Number.NaN, 0],
        run: async () => 1,
      })),
    }),
  }
  const competitors = [ours(1), wrong]
  await expect(
    compareProducts({ preset: tiny, rounds: 1, threads: [1], competitors }, quietly()),
  ).rejects.toThrow(/^projections: y NT, wrong, 1 thread: expected \S+, found (0|NaN)$/)
})

it.runIf(withTorchHere('matrix products'))(
  'multiplies as PyTorch does, on each number of threads',
  async () => {
    const competitors = [ours(1), torch]
    const { rows, absent } = await compareProducts(
      { preset: tiny, rounds: 2, threads: [1, 2], competitors },
      quietly(),
    )
    expect(absent).toEqual([])
    expect(rows.slice(0, 3).map(({ way, threads }) => [way, threads])).toEqual([
      ['ours', 1],
      ['PyTorch', 1],
      ['PyTorch', 2],
    ])
  },
  600_000,
)
