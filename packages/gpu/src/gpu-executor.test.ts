import { afterAll, describe, expect, it } from 'vitest'
import { conforms } from '@lotion/conformance/vitest'
import { blockOf, defineLanes, evaluate, layoutOf, normals, perRow } from '@lotion/core'
import { flatLayout } from '@lotion/core/internal'
import { amount } from '@lotion/test-kit'
import type { GpuArray } from './device-array.js'
import { gpuExecutor, type GpuExecutor } from './gpu-executor.js'

const modes = ['webgpu', 'webasm', 'cpu'] as const
const opened: GpuExecutor[] = []
for (const mode of modes) {
  try {
    opened.push(await gpuExecutor({ mode }))
  } catch (error) {
    console.warn(`SKIPPED: ${mode} is not tested here. ${String(error)}`)
  }
}
afterAll(() => Promise.all(opened.map((executor) => executor.close())))

for (const executor of opened.filter(({ mode }) => mode !== 'cpu' || amount(0, 1) === 1))
  conforms('executor', executor)

const up = (executor: GpuExecutor, values: readonly number[] | Float32Array): GpuArray =>
  executor.upload(Float32Array.from(values), [values.length])

const descend = defineLanes({
  name: 'descend',
  inputs: ['w', 'g'],
  scalars: ['rate'],
  outputs: ['w', 'step'],
  body: ({ w, g, rate }) => {
    const step = g.mul(rate)
    return { w: w.sub(step), step }
  },
})

describe.each(opened.map((executor) => [executor.mode, executor] as const))('%s', (mode, executor) => {
  it('lets arrays stand for new values, and leaves what was read before as it was', async () => {
    const [w, g] = [up(executor, [1, 2, 3, 4]), up(executor, [4, 3, 2, 1])]
    const before = executor.read(w)
    for (let step = 0; step < 3; step++)
      executor.lanes([{ fn: descend, inputs: { w, g, rate: 0.5 }, into: { w } }])
    const [{ step }] = executor.lanes([{ fn: descend, inputs: { w, g, rate: 0.5 }, into: { w } }]) as [
      { readonly step: GpuArray },
    ]
    expect([...(await before)]).toEqual([1, 2, 3, 4])
    expect([...(await executor.read(w))]).toEqual([-7, -4, -1, 2])
    expect([...(await executor.read(step))]).toEqual([2, 1.5, 1, 0.5])
    expect([...(await executor.read(g))]).toEqual([4, 3, 2, 1])
  })

  it('takes numbers for weights and arrays of one value for scalars', async () => {
    const rate = up(executor, [0.25])
    const [out] = executor.lanes([{ fn: descend, inputs: { w: 1, g: up(executor, [4, 8]), rate } }])
    expect([...(await executor.read(out!['w']!))]).toEqual([0, -1])
    const [block] = executor.lanes([
      { fn: descend, inputs: { w: 1, g: 2, rate: 0.25 }, layout: flatLayout(3) },
    ])
    expect([...(await executor.read(block!['w']!))]).toEqual([0.5, 0.5, 0.5])
  })

  it('reduces blocks longer than one kernel looks at, along any axis', async () => {
    const fn = defineLanes({
      name: 'reduce',
      inputs: ['a'],
      outputs: ['max', 'sum', 'top', 'all', 'y'],
      body: ({ a }) => {
        const max = a.abs().blockMax()
        const top = a.div(max.add(1)).abs().tensorMax()
        return { max, sum: a.blockSum(), top, all: a.mul(max).tensorSum(), y: a.div(max) }
      },
    })
    const layouts = [
      [[5, 9001], perRow, -1],
      [[3, 2000, 2], blockOf(1500), 1],
      [[4999, 3], perRow, 0],
      [[70_000], perRow, -1],
    ] as const
    for (const [shape, block, axis] of layouts.slice(0, amount(2, 4))) {
      const layout = layoutOf(shape, block, axis)
      const a = normals({ seed: 1, stream: 'a' }, layout.outer * layout.length * layout.inner)
      const call = { fn, layout }
      const [found] = executor.lanes([{ ...call, inputs: { a: up(executor, a) } }])
      const [expected] = evaluate([{ ...call, inputs: { a } }], executor.arithmetic)
      for (const [name, values] of Object.entries(expected!))
        expect(await executor.read(found![name]!)).toEqual(Float32Array.from(values))
    }
  })

  it('refuses what is wrong before it runs', () => {
    const w = up(executor, [1, 2])
    expect(() => executor.lanes([{ fn: descend, inputs: { w, g: up(executor, [1]), rate: 1 } }])).toThrow(
      /input 'g': expected 2 weights, found 1/,
    )
    const stranger = { length: 2 }
    expect(() => executor.lanes([{ fn: descend, inputs: { w, g: stranger, rate: 1 } }])).toThrow(
      /descend: 'g': expected an array of this executor/,
    )
    executor.free(w)
    expect(() => executor.lanes([{ fn: descend, inputs: { w, g: 1, rate: 1 } }])).toThrow(/freed/)
    expect(() => executor.upload(new Float32Array(3), [2])).toThrow(/data: expected 2 values/)
    expect(() => executor.uniforms({ seed: 1, stream: 'u' }, -1)).toThrow(/length: expected a whole number/)
  })

  it('says what runs where', async () => {
    const [out] = executor.lanes([{ fn: descend, inputs: { w: up(executor, [1]), g: 1, rate: 1 } }])
    await executor.read(out!['w']!)
    const report = executor.report()
    expect(report).toMatchObject({ mode, device: expect.stringMatching(/./) as string })
    expect(report.kernels.find(({ formula }) => formula === 'descend')?.runs).toBeGreaterThan(0)
    if (mode === 'webgpu') expect(report.hardware).toMatchObject({ add: 0, sub: 0, mul: 0 })
  })

  it('takes arrays of no values', async () => {
    const empty = up(executor, [])
    const [out] = executor.lanes([{ fn: descend, inputs: { w: empty, g: empty, rate: 1 } }])
    expect(await executor.read(out!['w']!)).toEqual(new Float32Array(0))
  })
})

it.each(opened.map(({ mode }) => mode))('%s: closes once, after its calls, and says so', async (mode) => {
  const executor = await gpuExecutor({ mode })
  const last = executor.read(up(executor, [1, 2]))
  const w = up(executor, [3])
  await Promise.all([executor.close(), executor.close()])
  expect([...(await last)]).toEqual([1, 2])
  expect(() => up(executor, [1])).toThrow(/executor: expected it open, found it closed/)
  expect(() => executor.lanes([{ fn: descend, inputs: { w: 1, g: 1, rate: 1 } }])).toThrow(/closed/)
  await expect(executor.read(w)).rejects.toThrow(/closed/)
  // Another executor of the same device works on.
  const other = opened.find((each) => each.mode === mode)!
  expect([...(await other.read(up(other, [5])))]).toEqual([5])
})

it('falls back to WebAssembly by itself, with a reason, unless there is a real adapter', async () => {
  const executor = await gpuExecutor()
  opened.push(executor)
  const { mode, reasons, device } = executor.report()
  if (mode === 'webasm') expect(reasons.join()).toMatch(/^webgpu: /)
  else expect(device).not.toMatch(/swiftshader/i)
  await expect(gpuExecutor({ mode: 'webgl2' })).rejects.toThrow(/webgl2: expected a browser/)
  await expect(gpuExecutor({ mode: 'webgl2', exact: true })).rejects.toThrow(/exact: expected false/)
  await expect(gpuExecutor({ exact: 'yes' as never })).rejects.toThrow(
    "exact: expected true or false, found 'yes'",
  )
  await expect(gpuExecutor({ exakt: true } as never)).rejects.toThrow(
    "unknown option 'exakt', did you mean 'exact'?",
  )
  await expect(gpuExecutor({ mode: 'opencl' as 'cpu' })).rejects.toThrow(/mode: expected one of webgpu/)
})
