import fc from 'fast-check'
import { runInNewContext } from 'node:vm'
import { setFlagsFromString } from 'node:v8'
import { blockOf, defineLanes, evaluate, layoutOf, perTensor, sizeOf, uniforms } from '@lotion/core'
import { afterAll, describe, expect, it } from 'vitest'
import {
  amount,
  expectSame,
  formulaOf,
  formulaLayouts,
  program,
  weights,
  type Program,
} from '@lotion/test-kit'
import { matmul } from './gemm/matmul.js'
import { cpuExecutor, executorWithin, type CpuExecutor } from './cpu-executor.js'

/** Memories of 1 MiB: arrays without a neighbour fill 128 KiB of each. */
const limits = { arrayBytes: 2 ** 20 }
const SHARE = 2 ** 15

const executors: CpuExecutor[] = []
const small = (threads = 1): CpuExecutor => {
  const executor = executorWithin(limits, { threads })
  executors.push(executor)
  return executor
}
afterAll(() => executors.forEach((executor) => executor.close()))

/** A step over arrays of a parameter, with all kinds of reductions. */
const step = defineLanes({
  name: 'step',
  inputs: ['w', 'g', 'm'],
  outputs: ['w', 'm', 'top'],
  body: ({ w, g, m }) => {
    const norm = g.mul(g).total('norm').sqrt()
    const next = m.mul(0.9).add(g.div(norm))
    const top = w.abs().blockMax()
    return { w: w.sub(next.mul(top)).add(w.abs().tensorMax().mul(0.1)), m: next, top }
  },
})

const drawn = (name: string, length: number): Float32Array =>
  uniforms({ seed: 6, stream: name }, length).map((u) => u - 0.5)

/** Arrays as a model's parameters: more than eight at once, some of them empty. */
function model(executor: CpuExecutor, lengths: readonly number[]): Float32Array[] {
  const all = [...lengths, 0, 0, 0, 0, 0, 0, 0, 0]
  const arrays = executor.allocate(Object.fromEntries(all.map((length, i) => [`p${i}`, [length]])))
  return Object.values(arrays).slice(0, lengths.length)
}

/**
 * Parameters of so many weights with their states: each state near its weights, or wherever there is room.
 */
function parameters(executor: CpuExecutor, lengths: readonly number[], near: boolean) {
  return model(executor, lengths).map((w, i) => {
    w.set(drawn(`w${i}`, w.length))
    const [length, by] = [w.length, near ? w : undefined]
    const g = executor.upload(drawn(`g${i}`, length), [length], by)
    return { w, g, m: executor.zeros([length], by), top: executor.zeros([Math.ceil(length / 32)], by) }
  })
}

function stepped(executor: CpuExecutor, tree: ReturnType<typeof parameters>): Float32Array[] {
  executor.lanes(
    tree.map(({ w, g, m, top }) => ({
      fn: step,
      inputs: { w, g, m },
      into: { w, m, top },
      layout: layoutOf([w.length], blockOf(32)),
    })),
  )
  return tree.flatMap(({ w, m, top }) => [w, m, top])
}

/** Position of the first array that differs in a bit. */
function firstDifference(found: readonly Float32Array[], expected: readonly Float32Array[]): number {
  return found.findIndex((array, i) => array.some((value, k) => !Object.is(value, expected[i]![k])))
}

const LENGTHS = [SHARE / 2, SHARE / 2, 3, 20_001, 2 * SHARE, 100, SHARE, 777]
const js = cpuExecutor({ wasm: false })
const expected = stepped(js, parameters(js, LENGTHS, false))
const copiesOf = (executor: CpuExecutor) =>
  executor.report().formulas.map(({ calls, copied, apart }) => ({ calls, copied, apart }))

describe('several memories', () => {
  it('hold parameters with their states, and copy nothing', () => {
    const executor = small()
    const tree = parameters(executor, LENGTHS, true)
    // 1: the first two; 2: the next two (and all that is small); 3: one beyond the share; 4: one that fills
    // it.
    expect(executor.report()).toMatchObject({ memories: 4 })
    expect(firstDifference(stepped(executor, tree), expected)).toBe(-1)
    expect(copiesOf(executor)).toEqual([{ calls: LENGTHS.length, copied: 0, apart: 0 }])
    expect(executor.report().memoryBytes).toBeGreaterThan(4 * 2 ** 20)
  })

  it.each([
    [
      'one by one',
      (executor: CpuExecutor, length: number) =>
        ['w', 'g', 'm'].map((name) => executor.upload(drawn(name, length), [length])),
    ],
    [
      'at once',
      (executor: CpuExecutor, length: number) =>
        Object.values(executor.allocate({ w: [length], g: [length], m: [length], v: [length] })),
    ],
  ])('hold large arrays of one length together without being told, made %s', (_, make) => {
    const executor = small()
    // Before them comes another array, which leaves the first memory too small a share.
    const other = executor.zeros([SHARE - 1000])
    for (const [set, length] of [1.5 * SHARE, SHARE / 2].entries()) {
      const [w, g, m] = make(executor, length) as [Float32Array, Float32Array, Float32Array]
      const layout = layoutOf([length], blockOf(32))
      const [twin] = evaluate([{ fn: step, inputs: { w, g, m }, layout }], 'f32')
      const top = executor.zeros([length / 32], w)
      expectSame(executor.lanes([{ fn: step, inputs: { w, g, m }, layout, into: { w, m, top } }])[0]!, twin!)
      expect(copiesOf(executor)).toEqual([{ calls: set + 1, copied: 0, apart: 0 }])
    }
    expect(executor.report().memories).toBe(3)
    expect(other.length).toBe(SHARE - 1000)
  })

  it('count eight arrays of one length as one', () => {
    const executor = small()
    const made: Float32Array[] = []
    const memories = (count: number): number => {
      for (let i = 0; i < count; i++) made.push(executor.zeros([SHARE / 2]))
      return executor.report().memories
    }
    // Two times eight use up the share; then the memory is full, too.
    expect([memories(16), memories(1), memories(7)]).toEqual([1, 2, 2])
    expect(made).toHaveLength(24)
  })

  it('copy what lies in several, and say so', () => {
    const executor = small()
    const tree = parameters(executor, LENGTHS, false)
    expect(firstDifference(stepped(executor, tree), expected)).toBe(-1)
    const { copied, apart } = copiesOf(executor)[0]!
    expect(copied).toBe(apart)
    expect(copied).toBeGreaterThan(3)
  })

  it('take an array elsewhere when its neighbour has no room, and none that is larger than a memory', () => {
    const executor = small()
    const length = 100_000
    const [a, b] = model(executor, [length, length]) as [Float32Array, Float32Array]
    const c = executor.zeros([300_000])
    const more = [1, 2].map(() => executor.zeros([length], a))
    expect(executor.report().memories).toBe(3)
    const add = defineLanes({
      name: 'add',
      inputs: ['x', 'y'],
      outputs: ['x'],
      body: ({ x, y }) => ({ x: x.add(y).add(1) }),
    })
    const run = (x: Float32Array, y: Float32Array): void => {
      executor.lanes([{ fn: add, inputs: { x, y }, into: { x } }])
      expect(x.every((value) => value === 1)).toBe(true)
      x.fill(0)
    }
    run(a, more[0]!)
    expect(copiesOf(executor)).toEqual([{ calls: 1, copied: 0, apart: 0 }])
    run(more[1]!, a)
    run(b, a)
    expect(copiesOf(executor)).toEqual([{ calls: 3, copied: 2, apart: 2 }])
    run(c, c)
    expect(copiesOf(executor)).toEqual([{ calls: 4, copied: 3, apart: 2 }])
  })

  it('equal the f32 twin where inputs and outputs of random formulas lie in different ones', () => {
    const executor = small()
    const ends = model(executor, [SHARE, SHARE])
    let round = 0
    const check = (steps: Program): void => {
      const [shape, layout] = formulaLayouts[round % formulaLayouts.length]!
      const size = sizeOf(shape)
      const [a, b] = ['a', 'b'].map((name) => weights(size, name, round)) as [Float32Array, Float32Array]
      round++
      const fn = formulaOf(steps, 'apart')
      const [twin] = evaluate([{ fn, inputs: { a, b, s: 0.7 }, layout }], 'f32')
      const [x, y] = [a, b].map((values, i) => executor.upload(values, shape, ends[i]))
      expectSame(executor.lanes([{ fn, inputs: { a: x!, b: y!, s: 0.7 }, layout }])[0]!, twin!)
    }
    fc.assert(fc.property(program, check), { seed: 9, numRuns: amount(75, 300) })
    expect(executor.report().memories).toBe(2)
  })

  it('share their threads, also those made after the threads have started', async () => {
    for (const executor of [small(2), small(3)]) {
      const tree = () => parameters(executor, LENGTHS, true)
      for (let round = 0; round < 500 && executor.report().jobs.elsewhere === 0; round++) {
        stepped(executor, tree())
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
      const before = executor.report()
      const kept: ReturnType<typeof tree>[] = []
      for (let round = 0; round < 5; round++) {
        kept.push(tree())
        expect(firstDifference(stepped(executor, kept.at(-1)!), expected)).toBe(-1)
      }
      expect(executor.report().memories).toBeGreaterThan(before.memories)
      expect(executor.report().jobs.elsewhere).toBeGreaterThan(before.jobs.elsewhere)
      expect(copiesOf(executor)).toMatchObject([{ copied: 0 }])
    }
  })

  it('use the share of arrays again that nobody can reach', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const executor = small()
    const fill = (): number => {
      model(
        executor,
        Array.from({ length: 8 }, () => SHARE),
      )
      return executor.report().memories
    }
    const most = fill()
    expect(most).toBe(8)
    for (let round = 0; round < 30; round++) {
      collect()
      await new Promise((resolve) => setTimeout(resolve, 10))
      model(executor, [SHARE])
      for (let i = 0; i < 8; i++) executor.zeros([SHARE - 8])
    }
    // Never used again, they would fill 34 more. The collector may call back a round late.
    expect(executor.report().memories).toBeLessThan(2 * most)
  })

  it('multiply matrices of several', () => {
    const executor = small()
    const place = (name: string, shape: readonly number[]) => ({
      data: executor.upload(drawn(name, sizeOf(shape)), shape),
      shape,
    })
    const [a, b] = [place('a', [170, 150]), place('b', [150, 160])]
    expect(executor.report().memories).toBe(2)
    const outside = [a, b].map(({ data, shape }) => ({ data: data.slice(), shape }))
    const [here, there] = [matmul(executor, a, b), matmul(js, outside[0]!, outside[1]!)]
    expect(firstDifference([here.data], [there.data])).toBe(-1)
  })

  it('reduce a tensor of one block over threads, its arrays apart', () => {
    const executor = small(2)
    const layout = layoutOf([50_000], perTensor)
    const arrays = model(executor, [50_000, 50_000, 50_000])
    arrays.forEach((array, i) => array.set(drawn(`${i}`, array.length)))
    const [w, g, m] = arrays as [Float32Array, Float32Array, Float32Array]
    const [twin] = evaluate([{ fn: step, inputs: { w, g, m }, layout }], 'f32')
    // And one for the empty arrays.
    expect(executor.report().memories).toBe(4)
    expectSame(executor.lanes([{ fn: step, inputs: { w, g, m }, layout, into: { w, m } }])[0]!, twin!)
  })
})
