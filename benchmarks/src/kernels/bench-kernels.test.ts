import { blockOf } from '@lotion/core'
import { fp4, int4, mxfp4, withBlock } from '@lotion/formats'
import { expect, it } from 'vitest'
import { benchKernels, type KernelBenchOptions, type KernelBenchReport } from './bench-kernels.js'
import { kernelCases } from './kernel-case.js'
import { kernelJson, kernelTable } from './kernel-text.js'
import type { WayDefinition } from './kernel-way.js'
import { kernelWays } from './kernel-ways.js'
import { wasmWay } from './executor-way.js'

const small = (changes: Partial<KernelBenchOptions>): Promise<KernelBenchReport> =>
  benchKernels({
    weights: 4096,
    cases: kernelCases([int4]),
    ways: kernelWays(['js', 'memcpy'], [1, 2]),
    rounds: 2,
    threads: 2,
    pin: false,
    log: () => undefined,
    ...changes,
  })

const absent: WayDefinition = {
  name: 'absent',
  bytesPerWeight: 0,
  open: async () => ({ skipped: 'not on this machine; get another' }),
}

/** WebAssembly under another name, with changed results. */
const changed = (exact: boolean, change: (values: Float32Array) => void): WayDefinition => ({
  name: 'changed',
  bytesPerWeight: 16,
  open: async (workload, context) => {
    const way = await wasmWay(1).open(workload, context)
    if ('skipped' in way) return way
    const steps = way.steps.map((step) => ({
      ...step,
      first: async () => {
        const found = await step.first()
        change(found!['w']!)
        return found
      },
    }))
    return { ...way, name: 'changed', exact, steps }
  },
})

it('measures every step on every way, after a check of the numbers', async () => {
  const progress: string[] = []
  const report = await small({
    cases: kernelCases([int4, withBlock(fp4, blockOf(64)), mxfp4]),
    onProgress: (what, done, total) => progress.push(`${what} ${done}/${total}`),
    ways: [...kernelWays(['js', 'memcpy'], [1, 2]), absent],
  })
  const steps = ['touch', 'AdamW', 'LOTION int4', 'LOTION fp4', 'LOTION mxfp4']
  const held = ['LOTION int4, scale held', 'LOTION fp4, scale held']
  const columns = (way: string, threads: number) =>
    report.rows.filter((row) => row.way === way && row.threads === threads).map(({ step }) => step)
  for (const [way, threads] of [
    ['wasm', 1],
    ['wasm', 2],
    ['js', 1],
  ] as const)
    expect(columns(way, threads)).toEqual([...steps, ...held])
  expect(columns('memcpy', 1)).toEqual(['copy'])
  expect(columns('memcpy', 2)).toEqual(['copy'])
  for (const { way, nanosecondsPerWeight, gigabytesPerSecond, touchRatio, agreement } of report.rows) {
    expect(nanosecondsPerWeight.values).toHaveLength(2)
    expect(gigabytesPerSecond * nanosecondsPerWeight.median).toBeCloseTo(28, 9)
    expect(touchRatio === null).toBe(way === 'memcpy')
    expect(agreement).toBeNull()
  }
  // 3 ways with 7 steps, 2 copies; 2 rounds and 2 for warming up.
  expect([progress[0], progress.at(-1)]).toEqual(['checking 1/23', 'measuring 92/92'])
  expect(report).toMatchObject({ block: 'blocks of 32, blocks of 64', pinned: [], versions: [] })

  const text = kernelTable(report, { plain: true })
  expect(text).toMatch(/^LOTION int4 +wasm +2 +\S+ \(\S+ … \S+\) +\S+ +\S+ ×$/m)
  expect(text).toMatch(/^touch +wasm +1 .* 1\.00 ×$/m)
  expect(text).toMatch(/^emitted JavaScript \/ LOTION fp4 +\S+ × +≥ 10 × +(met|NOT MET)$/m)
  expect(text).toContain('SKIPPED absent: not on this machine; get another')
  const lines = kernelJson(report)
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
  expect(lines).toHaveLength(23 + report.targets.length + 1)
  expect(lines[0]).toMatchObject({ step: 'touch', way: 'wasm', threads: 1, weights: 4096 })
})

it('takes the same step as kernels of gpu.js, and skips a device that is not there', async () => {
  const { rows, skipped, versions } = await small({
    cases: kernelCases([int4, mxfp4]),
    ways: kernelWays(['webasm', 'webgpu'], [1]),
    weights: 5000,
  })
  const agreements = (name: string) =>
    rows.filter(({ way }) => way === name).map(({ agreement }) => agreement)
  expect(agreements('webasm')).toEqual([null, null, null, null, null])
  if (skipped.length > 0) {
    expect(skipped).toEqual([{ way: 'webgpu', skipped: expect.stringContaining('npm install') as string }])
  } else {
    expect(agreements('webgpu')).toHaveLength(5)
    expect(versions).toEqual([expect.stringMatching(/^webgpu: /)])
  }
})

it('refuses ways that take another step', async () => {
  const first = changed(true, (w) => (w[3]! += 1))
  await expect(small({ ways: [wasmWay(1), first] })).rejects.toThrow(
    /^touch, changed, 1 threads: expected w\[3\] = \S+, found \S+; please report it$/,
  )
  const many = changed(false, (w) => w.fill(0, 0, 100))
  await expect(small({ ways: [wasmWay(1), many] })).rejects.toThrow(
    /100 of 24576 values farther off; the ways do not compute the same/,
  )
  // A weight at the edge of a cell may fall into the next one.
  const one = changed(false, (w) => (w[3]! += 1))
  const { rows } = await small({ ways: [wasmWay(1), one] })
  expect(rows.at(-1)?.agreement).toEqual({ largest: 0, atEdges: 1, values: 24_576 })
})

it('refuses more weights than memory holds, and stops with the signal', async () => {
  await expect(small({ weights: 1e12 })).rejects.toThrow(/^weights: expected room for 1000000000000 weights/)
  await expect(small({ signal: AbortSignal.abort(new Error('stopped by hand')) })).rejects.toThrow(
    'stopped by hand',
  )
})

it.runIf(process.platform === 'linux')('binds threads while it measures, and no longer', async () => {
  const { pinned } = await small({ threads: 1, pin: true, ways: kernelWays(['memcpy'], [1]) })
  expect(pinned).toEqual([
    expect.stringMatching(/^wasm, 1: threads on \d+$/),
    expect.stringMatching(/^memcpy, 1: threads on \d+$/),
  ])
})

// Needs a Python with PyTorch and a C++ compiler: set LOTION_PYTHON to run it.
it.skipIf(!process.env['LOTION_PYTHON'])(
  'takes the same step as PyTorch, in all its forms',
  async () => {
    const { rows, skipped } = await small({
      cases: kernelCases([int4, fp4, mxfp4]),
      ways: kernelWays(['torch'], [1]),
      threads: 1,
    })
    expect(skipped).toEqual([])
    const torch = rows.filter(({ way }) => way === 'PyTorch')
    // AdamW in 2 forms, LOTION of 3 formats in 3, of 2 with the scale held in 1.
    expect(torch).toHaveLength(13)
    for (const { agreement } of torch) expect(agreement).toMatchObject({ atEdges: 0, values: 24_576 })
  },
  600_000,
)
