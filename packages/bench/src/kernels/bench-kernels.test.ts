import { expect, it } from 'vitest'
import { benchKernels } from './bench-kernels.js'
import { kernelJson, kernelTable } from './kernel-text.js'

it('measures every step on every way, after a check of the bits', async () => {
  const lines: string[] = []
  const report = await benchKernels({
    weights: 4096,
    rounds: 2,
    threads: [1, 2],
    js: true,
    log: (line) => lines.push(line),
  })
  expect(lines).toEqual(['3 ways to run 4 steps give the same bits; 4096 weights, 2 rounds'])
  expect(report.rows.map(({ step, backend, threads }) => `${step}: ${backend} ${threads}`)).toEqual(
    ['touch', 'AdamW', 'LOTION int4 + AdamW', 'LOTION fp4 + AdamW'].flatMap((step) => [
      `${step}: wasm 1`,
      `${step}: wasm 2`,
      `${step}: js 1`,
    ]),
  )
  for (const { backend, nanosecondsPerWeight, gigabytesPerSecond, touchRatio } of report.rows) {
    expect(nanosecondsPerWeight.values).toHaveLength(2)
    expect(gigabytesPerSecond * nanosecondsPerWeight.median).toBeCloseTo(28, 9)
    expect(touchRatio === null).toBe(backend === 'js')
  }
  const text = kernelTable(report, { plain: true })
  expect(text).toMatch(/^LOTION int4 \+ AdamW +wasm +2 +\S+ \(\S+ … \S+\) +\S+ +\S+ ×$/m)
  expect(text).toMatch(/^touch +wasm +1 .* 1\.00 ×$/m)
  expect(
    kernelJson(report)
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))[11],
  ).toMatchObject({
    step: 'LOTION fp4 + AdamW',
    backend: 'js',
    touchRatio: null,
    weights: 4096,
  })
})
