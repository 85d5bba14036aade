import { spawn } from 'node:child_process'
import { blockOf, defineLanes, layoutOf, perTensor, uniforms, type BlockLayout } from '@lotion/core'
import { sameBytes } from '@lotion/test-kit'
import { afterAll, describe, expect, it } from 'vitest'
import { cpuExecutor, executorWithin, type CpuExecutor } from './cpu-executor.js'
import { threadHost, type ThreadHost } from './wasm/threads/thread-host.js'

/** A step with all kinds of reductions; results differ if sums are taken in another order. */
const step = defineLanes({
  name: 'step',
  inputs: ['w', 'g'],
  scalars: ['rate'],
  outputs: ['w', 'mean', 'norm'],
  body: ({ w, g, rate }) => {
    const norm = g.mul(g).total('norm').sqrt()
    const scaled = w.div(w.abs().blockMax().max(1e-3))
    const mean = scaled.mul(g).blockSum()
    return { w: w.sub(g.mul(rate).div(norm)).sub(scaled.mul(mean).sqrt().max(0)), mean, norm }
  },
})

const executors = [1, 2, 3].map((threads) => cpuExecutor({ threads }))
afterAll(() => executors.forEach((executor) => executor.close()))

const SHAPES: readonly (readonly [string, BlockLayout])[] = [
  ['small blocks', layoutOf([300_000], blockOf(32))],
  ['ragged blocks', layoutOf([400, 777], blockOf(50))],
  ['blocks side by side', layoutOf([500, 333], blockOf(64), 0)],
  ['one long block', layoutOf([250_001], perTensor)],
  ['a few weights', layoutOf([100], blockOf(8))],
]

/** Drawn once: most runs repeat a key, on another executor. */
const drawn = new Map<string, Float32Array>()

function run(executor: CpuExecutor, key: number): Float32Array[] {
  const calls = SHAPES.map(([name, layout]) => {
    const length = layout.outer * layout.length * layout.inner
    const draw = (stream: string): Float32Array => {
      const id = `${key} ${name} ${stream}`
      const values =
        drawn.get(id) ??
        executor.uniforms({ seed: key, stream: `${name} ${stream}` }, length).map((u) => u - 0.5)
      drawn.set(id, values)
      return executor.upload(values, [length])
    }
    const [w, g] = [draw('w'), draw('g')]
    return { fn: step, inputs: { w, g, rate: 0.1 }, layout, into: { w } }
  })
  return executor.lanes(calls).flatMap(({ w, mean, norm }) => [w!, mean!, norm!])
}

/** Threads start when first needed: until all have taken part, repeat. */
async function awake(executor: CpuExecutor): Promise<void> {
  for (let round = 0; round < 500 && executor.report().jobs.elsewhere === 0; round++) {
    run(executor, 0)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Position of the first array that differs in a bit. */
function firstDifference(found: readonly Float32Array[], expected: readonly Float32Array[]): number {
  return found.findIndex((array, i) => !sameBytes(array, expected[i]))
}

describe('threads', () => {
  it('give the same bits as one', async () => {
    const [alone, ...others] = executors
    for (const executor of others) await awake(executor)
    const expected = run(alone!, 1)
    for (const executor of others) {
      const before = executor.report().jobs.elsewhere
      // Who takes a job is chance; on a busy machine it takes a few rounds until others had their share.
      for (
        let round = 0;
        round < 40 && (round < 3 || executor.report().jobs.elsewhere < before + 20);
        round++
      ) {
        expect(firstDifference(run(executor, 1), expected)).toBe(-1)
      }
      expect(executor.report().jobs.elsewhere).toBeGreaterThan(before)
    }
    expect(alone!.report().jobs.elsewhere).toBe(0)
  })

  it('draw the same uniforms', async () => {
    await awake(executors[2]!)
    const key = { seed: 5, stream: 'u', step: 4 }
    expect(firstDifference([executors[2]!.uniforms(key, 600_001)], [uniforms(key, 600_001)])).toBe(-1)
  })

  it('take up work after a rest, and leave it to the caller once closed', async () => {
    const executor = cpuExecutor({ threads: 2 })
    await awake(executor)
    const expected = run(executors[0]!, 9)
    for (let rest = 0; rest < 5; rest++) {
      await new Promise((resolve) => setTimeout(resolve, 3))
      expect(firstDifference(run(executor, 9), expected)).toBe(-1)
    }
    executor.close()
    const { elsewhere } = executor.report().jobs
    expect(firstDifference(run(executor, 9), expected)).toBe(-1)
    expect(executor.report().jobs.elsewhere).toBe(elsewhere)
  })

  it('work for a caller that may not sleep, as a page', async () => {
    const host = { ...threadHost()!, mayWait: false }
    const executor = executorWithin({ host }, { threads: 3 })
    await awake(executor)
    const { elsewhere } = executor.report().jobs
    for (let round = 0; round < 5; round++) {
      expect(firstDifference(run(executor, round), run(executors[0]!, round))).toBe(-1)
    }
    expect(executor.report().jobs.elsewhere).toBeGreaterThan(elsewhere)
    executor.close()
    expect(executor.report().threads).toBe(1)
  })

  it.each<[string, ThreadHost['start']]>([
    [
      'at once',
      () => {
        throw new Error('no more')
      },
    ],
    [
      'later',
      (_, failed) => {
        setTimeout(() => failed('no more'))
        return { post: () => undefined, end: () => undefined }
      },
    ],
    ['in their program', (_, failed) => threadHost()!.start("throw new Error('no more')", failed)],
  ])('leave the work to the caller where they fail %s, who says why', async (_, start) => {
    const executor = executorWithin({ host: { ...threadHost()!, start } }, { threads: 3 })
    for (let round = 0; round < 500 && executor.report().threads > 1; round++) {
      expect(firstDifference(run(executor, 1), run(executors[0]!, 1))).toBe(-1)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    expect(firstDifference(run(executor, 2), run(executors[0]!, 2))).toBe(-1)
    const { threads, jobs, reasons } = executor.report()
    expect([threads, jobs.elsewhere, reasons]).toEqual([1, 0, ['a thread could not be had: no more']])
  })

  it('do not keep the process alive', async () => {
    const source = `
      const { cpuExecutor } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)})
      const { defineLanes } = await import('@lotion/core')
      const fn = defineLanes({ name: 'f', inputs: ['a'], outputs: ['a'], body: ({ a }) => ({ a: a.add(1) }) })
      const cpu = cpuExecutor({ threads: 3 })
      const a = cpu.zeros([1000000])
      for (let i = 0; i < 500 && cpu.report().jobs.elsewhere === 0; i++) {
        cpu.lanes([{ fn, inputs: { a }, into: { a } }])
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      console.log(cpu.report().jobs.elsewhere > 0)`
    const args = ['--import', 'tsx', '--conditions=@lotion/source', '--input-type=module', '--eval', source]
    const child = spawn(process.execPath, args, {
      cwd: new URL('..', import.meta.url),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let printed = ''
    child.stdout.on('data', (text: Buffer) => (printed += text.toString()))
    const code = await new Promise((resolve) => child.on('exit', resolve))
    expect([printed.trim(), code]).toEqual(['true', 0])
  })
})
