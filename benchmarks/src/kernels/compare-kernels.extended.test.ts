import { blockOf } from '@lotion/core'
import { fp4, int4, mxfp4, withBlock } from '@lotion/formats'
import { expect, it } from 'vitest'
import type { BenchContext } from '../harness/competitor.js'
import { quietly } from '../harness/quietly.js'
import { reportJson, reportText } from '../harness/report.js'
import { withTorchHere } from '../harness/torch-here.js'
import { compareKernels, type KernelComparison } from './compare-kernels.js'
import { wasm } from './executor.js'
import { kernelCases } from './kernel-case.js'
import type { KernelDefinition } from './kernel-competitor.js'
import { kernelCompetitors } from './workload.js'

const small = (changes: Partial<KernelComparison>, watched: Partial<BenchContext> = {}) =>
  compareKernels(
    {
      weights: 4096,
      cases: kernelCases([int4]),
      competitors: kernelCompetitors(['js', 'memcpy'], [1, 2], false),
      rounds: 2,
      threads: 2,
      pin: false,
      ...changes,
    },
    quietly(watched),
  )

/** WebAssembly with changed results. */
const changed = (exact: boolean, change: (values: Float32Array) => void): KernelDefinition => ({
  ...wasm(1),
  name: 'changed',
  open: async (...given) => {
    const found = await wasm(1).open(...given)
    if ('absent' in found) return found
    const tasks = found.tasks.map((task) => ({
      ...task,
      first: async () => {
        const outcome = await task.first!()
        change(outcome['w']!)
        return outcome
      },
    }))
    return { ...found, exact, tasks }
  },
})

it('measures every step on every way, after a check of the numbers', async () => {
  const progress: string[] = []
  const report = await small(
    { cases: kernelCases([int4, withBlock(fp4, blockOf(64)), mxfp4]) },
    { progress: (what, done, total) => progress.push(`${what} ${done}/${total}`) },
  )
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
  expect(report.shared).toEqual({ weights: 4096, block: 'blocks of 32, blocks of 64', pinned: [] })

  const text = reportText(report, { plain: true })
  expect(text).toMatch(/^LOTION int4 +wasm +2 +\S+ \(\S+ … \S+\) +\S+ +\S+ ×$/m)
  expect(text).toMatch(/^touch +wasm +1 .* 1\.00 ×$/m)
  expect(text).toMatch(/^emitted JavaScript \/ LOTION fp4 +\S+ × +≥ 10 × +(met|NOT MET)$/m)
  expect(text).toMatch(/^SKIPPED PyTorch: not compared.* --with-torch /m)
  const lines = reportJson(report)
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
  expect(report.derived?.length).toBeGreaterThan(0)
  expect(lines).toHaveLength(23 + report.derived!.length + 1)
  expect(lines[0]).toMatchObject({ step: 'touch', way: 'wasm', threads: 1, weights: 4096 })
})

it('takes the same step as kernels of gpu.js, and skips a device that is not there', async () => {
  const { rows, absent, notes } = await small({
    cases: kernelCases([int4, mxfp4]),
    competitors: kernelCompetitors(['webasm', 'webgpu'], [1], true).slice(0, -1),
    weights: 5000,
  })
  const agreements = (name: string) =>
    rows.filter(({ way }) => way === name).map(({ agreement }) => agreement)
  expect(agreements('webasm')).toEqual(new Array(5).fill(null))
  if (absent!.length > 0) {
    expect(absent).toEqual([{ name: 'webgpu', absent: expect.stringContaining('npm install') as string }])
  } else {
    expect(agreements('webgpu')).toHaveLength(5)
    expect(notes).toContainEqual(expect.stringMatching(/^webgpu: /))
  }
})

it('refuses ways that take another step', async () => {
  const first = changed(true, (w) => (w[3]! += 1))
  await expect(small({ competitors: [wasm(1), first] })).rejects.toThrow(
    /^touch, changed, 1 thread: expected w\[3\] = \S+, found \S+; please report it$/,
  )
  const many = changed(false, (w) => w.fill(0, 0, 100))
  await expect(small({ competitors: [wasm(1), many] })).rejects.toThrow(
    /100 of 24576 values farther off; the ways do not compute the same/,
  )
  // A weight at the edge of a cell may fall into the next one.
  const one = changed(false, (w) => (w[3]! += 1))
  const { rows } = await small({ competitors: [wasm(1), one] })
  expect(rows.at(-1)?.agreement).toEqual({ largest: 0, atEdges: 1, values: 24_576 })
})

it('refuses more weights than memory holds, and stops with the signal', async () => {
  await expect(small({ weights: 1e12 })).rejects.toThrow(/^weights: expected room for 1000000000000 weights/)
  await expect(small({}, { signal: AbortSignal.abort(new Error('stopped by hand')) })).rejects.toThrow(
    'stopped by hand',
  )
})

it.runIf(process.platform === 'linux')('binds threads while it measures, and no longer', async () => {
  const competitors = kernelCompetitors(['memcpy'], [1], false)
  const { shared } = await small({ threads: 1, pin: true, competitors })
  expect(shared['pinned']).toEqual([
    expect.stringMatching(/^wasm: threads on \d+$/),
    expect.stringMatching(/^memcpy: threads on \d+$/),
  ])
})

// Needs a C++ compiler besides.
it.runIf(withTorchHere('the kernels'))(
  'takes the same step as PyTorch, in all its forms',
  async () => {
    const { rows, absent } = await small({
      cases: kernelCases([int4, fp4, mxfp4]),
      competitors: kernelCompetitors([], [1], true),
      threads: 1,
    })
    expect(absent).toEqual([])
    const torch = rows.filter(({ way }) => way === 'PyTorch')
    // AdamW in 2 forms, LOTION of 3 formats in 3, of 2 with the scale held in 1.
    expect(torch).toHaveLength(13)
    for (const { agreement } of torch) expect(agreement).toMatchObject({ atEdges: 0, values: 24_576 })
  },
  600_000,
)
