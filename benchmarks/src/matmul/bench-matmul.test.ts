import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import type { EnginePreset } from '../engine/engine-preset.js'
import { benchMatmul } from './bench-matmul.js'
import { flopsOf, matmulCases } from './matmul-case.js'
import { matmulJson, matmulTable } from './matmul-text.js'

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
  // 6 flops a weight and token: one projection, one of the up and gate, the down projection, the head; 16 tokens.
  expect(total((use) => use.includes(': '))).toBe(6 * 16 * (16 * 16 + 2 * 16 * 24 + 16 * 16))
  // Three products of [8, 8] and [8, 4] for each of 2 · 4 heads.
  expect(total((use) => /^(scores|weights)/.test(use))).toBe(3 * 2 * 8 * (8 * 8 * 4))
})

it('measures every product on every way, after a check that they agree', async () => {
  await tf.setBackend('cpu')
  const lines: string[] = []
  const log = (line: string): void => void lines.push(line)
  const report = await benchMatmul({ preset: tiny, rounds: 2, threads: [1, 2], withoutTorch: true, log })
  expect(lines).toEqual(['4 ways compute the same 16 products; 2 rounds'])
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
  expect(tf.getBackend()).toBe('cpu')
  expect(tf.getKernel('UnsortedSegmentSum', 'wasm')).toBeUndefined()
  expect(matmulTable(report, { plain: true })).toMatch(
    /^scores +2·4 of 8 × 4 × 8 +NT +\S+ +\S+ +\S+ +\S+ +\S+ ×$/m,
  )
  expect(matmulJson(report).trim().split('\n')).toHaveLength(64)
})
