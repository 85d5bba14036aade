// Memory of the executor under limits: arrays that are given back or dropped come back in time, and what does
// not fit is refused before the system ends the process.

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { defineLanes } from '@lotion/core'
import { hostMemory, type HostMemory } from '@lotion/core/internal'
import { bundled } from '@lotion/test-kit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { matmul } from './gemm/matmul.js'
import { cpuExecutor, executorWithin } from './cpu-executor.js'

const MiB = 2 ** 20
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const half = defineLanes({
  name: 'half',
  inputs: ['x'],
  outputs: ['x'],
  body: ({ x }) => ({ x: x.mul(0.5) }),
})
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe.each(['auto', false] as const)('free, wasm: %s', (wasm) => {
  const executor = cpuExecutor({ threads: 1, wasm })

  it('gives bytes back at once, cleared', () => {
    executor.zeros([1])
    const before = executor.report().memoryBytes
    for (let i = 0; i < 40; i++) {
      const array = executor.zeros([MiB])
      expect(array[i]).toBe(0)
      executor.free(array.fill(1))
    }
    expect(executor.report().memoryBytes).toBeLessThanOrEqual(before + 16 * MiB)
  })

  it('makes calls refuse the array by name, and not others', async () => {
    const [x, kept] = [executor.zeros([8]), executor.zeros([8])]
    const view = x.subarray(0, 8)
    executor.free(x)
    expect(() => executor.lanes([{ fn: half, inputs: { x } }])).toThrow(
      "half: 'x': expected an array in use, found one that was freed",
    )
    expect(() => executor.lanes([{ fn: half, inputs: { x: kept }, into: { x } }])).toThrow(
      /half: 'x': .* freed/,
    )
    const square = (data: Float32Array) => ({ data, shape: [2, 4] })
    const options = { transposeB: true }
    expect(() => matmul(executor, square(kept), square(x), options)).toThrow(
      "matmul: 'b': expected an array in use",
    )
    await expect(executor.read(x)).rejects.toThrow('found one that was freed')
    expect(() => executor.free(x)).toThrow(
      "free: 'array': expected an array in use, found one that was freed",
    )
    if (wasm) expect(() => executor.free(view)).toThrow(/freed/)
    expect(matmul(executor, square(kept), square(kept), options).data).toEqual(new Float32Array(4))
  })
})

it('free refuses a view of a part, whose rest is still in use', () => {
  const executor = cpuExecutor({ threads: 1 })
  const array = executor.zeros([100]).fill(3)
  for (const view of [array.subarray(1), array.subarray(0, 50)])
    expect(() => executor.free(view)).toThrow(new RegExp(`found a view of ${view.length} of its 100 values`))
  expect(array.every((value) => value === 3)).toBe(true)
  executor.free(array)
})

describe('a process with little memory', () => {
  /** Buffers that this process has anyway, by other tests, are no part of the story. */
  const limited = async (limit: number): Promise<HostMemory> => {
    let before = Infinity
    for (let same = 0; same < 3; same++) {
      collect()
      await turn()
      if (hostMemory.buffers() < before) same = 0
      before = Math.min(before, hostMemory.buffers())
    }
    return {
      ...hostMemory,
      limit: () => limit,
      resident: () => 0,
      buffers: () => hostMemory.buffers() - before,
    }
  }

  it('goes on with ordinary arrays where the memories are full of what was dropped, and gives the same numbers', async () => {
    const limit = 256 * MiB
    const executor = executorWithin({ hostMemory: await limited(limit) }, { threads: 1 })
    for (let i = 0; i < 100; i++) {
      const x = executor.zeros([MiB]).fill(i)
      if (i % 20 > 0) continue
      const [result] = executor.lanes([{ fn: half, inputs: { x } }])
      expect(result!['x']!.every((value) => value === i / 2)).toBe(true)
    }
    expect(executor.report().memoryBytes).toBeGreaterThan(limit / 2)
    expect(executor.report().memoryBytes).toBeLessThanOrEqual(limit)
  })

  it.each(['auto', false] as const)(
    'refuses what does not fit, and says what to do, wasm: %s',
    async (wasm) => {
      const executor = executorWithin({ hostMemory: await limited(256 * MiB) }, { threads: 1, wasm })
      const kept: Float32Array[] = []
      const fill = (): void => {
        for (let i = 0; i < 200; i++) kept.push(executor.zeros([MiB]).fill(i))
      }
      expect(fill).toThrow(
        /^array: expected at most [\d.]+ \w+, what is left of the process's 256 MiB of memory, found 4\.00 MiB; free arrays that are not used, await a turn/,
      )
      expect(kept.length).toBeGreaterThan(40)
      expect(kept.length).toBeLessThan(64)
      kept.forEach((array, i) => expect(array[7]).toBe(i))
      for (const array of kept.splice(0, 8)) executor.free(array)
      expect(executor.zeros([100])).toHaveLength(100)
    },
  )

  it('gets dropped arrays back while it takes turns', async () => {
    const executor = cpuExecutor({ threads: 1 })
    for (let i = 0; i < 500; i++) {
      executor.zeros([MiB])
      if (i % 4 === 0) await turn()
    }
    // 2000 MiB in all; the collector hears of them every 128 MiB, or of half of what is held, and the turns
    // after that free them.
    expect(executor.report().memoryBytes).toBeLessThan(1000 * MiB)
  })
})

const LIMIT = 400 * MiB

/** A control group below our own, with a limit of memory; `undefined` where none can be made. */
function controlGroup(): string | undefined {
  try {
    const own = readFileSync('/proc/self/cgroup', 'utf8').split('\n')
    const pathOf = (pattern: RegExp): string | undefined =>
      own.map((line) => pattern.exec(line)?.[1]).find(Boolean)
    const [old, unified] = [pathOf(/^\d+:memory:(.*)$/), pathOf(/^0::(.*)$/)]
    const parent =
      old === undefined ? join('/sys/fs/cgroup', unified ?? '') : join('/sys/fs/cgroup/memory', old)
    const group = join(parent, `memory-limits-${process.pid}`)
    mkdirSync(group)
    try {
      writeFileSync(join(group, old === undefined ? 'memory.max' : 'memory.limit_in_bytes'), String(LIMIT))
      return group
    } catch (error) {
      rmdirSync(group)
      throw error
    }
  } catch (error) {
    console.warn(`SKIPPED: no control group with a limit of memory can be made here (${String(error)})`)
    return undefined
  }
}

const group = process.platform === 'linux' ? controlGroup() : undefined

describe.skipIf(group === undefined)('a container of 400 MiB', () => {
  let [folder, program] = ['', '']
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'memory-limits-'))
    program = await bundled(new URL('cpu-executor.ts', import.meta.url), join(folder, 'program.mjs'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  const run = (body: string): Promise<{ code: number | null; signal: string | null; output: string }> => {
    const code = `
      const { cpuExecutor } = await import(${JSON.stringify(program)})
      const executor = cpuExecutor({ threads: 1 })
      const kept = []
      try { ${body}; console.log('whole') } catch (error) { console.log(error.name, error.message) }`
    const child = spawn(
      'sh',
      [
        '-c',
        'echo $$ > "$0/cgroup.procs" && exec "$@"',
        group!,
        process.execPath,
        '--input-type=module',
        '--eval',
        code,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    )
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => (output += data.toString()))
    return new Promise((resolve) =>
      child.once('close', (code_, signal) => resolve({ code: code_, signal, output: output.trim() })),
    )
  }

  it.each([
    [
      'drops arrays without a pause',
      'for (let i = 0; i < 300; i++) executor.zeros([1e6]).fill(1)',
      /^whole$/,
    ],
    [
      'drops arrays between turns',
      'for (let i = 0; i < 300; i++) { executor.zeros([1e6]).fill(1); await new Promise(setImmediate) }',
      /^whole$/,
    ],
    ['frees arrays', 'for (let i = 0; i < 300; i++) executor.free(executor.zeros([1e6]).fill(1))', /^whole$/],
    [
      'keeps arrays',
      'for (;;) kept.push(executor.zeros([1e6]).fill(1))',
      /^RangeError array: expected at most .* of the process's 400 MiB of memory, found 3\.81 MiB; free/,
    ],
    [
      'asks for too much at once',
      'executor.zeros([3e8]).fill(1)',
      /^RangeError array: expected at most .* found 1\.12 GiB; free/,
    ],
  ])('does not end a process that %s', async (_, body, output) => {
    expect(await run(body)).toEqual({ code: 0, signal: null, output: expect.stringMatching(output) })
  })

  afterAll(() => rmdirSync(group!))
})
