import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  blockOf,
  evaluate,
  layoutOf,
  perRow,
  perTensor,
  sizeOf,
  trace,
  type BlockLayout,
  type LaneCall,
  type LaneFn,
  type Tree,
} from '@lotion/core'
import { emitJs, totalStages, totalsOf } from '@lotion/core/internal'
import {
  amount,
  expectSame,
  formulaOf,
  formulaLayouts,
  program,
  specialNumbers,
  weights,
  type Program,
} from '@lotion/test-kit'
import { cpuExecutor } from './cpu-executor.js'

const cpu = cpuExecutor({ threads: 1 })
const js = cpuExecutor({ wasm: false })

type Call = {
  readonly fn: LaneFn
  readonly inputs: { readonly a: Float32Array; readonly b: Float32Array; readonly s: number }
  readonly layout: BlockLayout
}

const copied = (call: Call): Call => ({
  ...call,
  inputs: { ...call.inputs, a: call.inputs.a.slice(), b: call.inputs.b.slice() },
})

/** The call over arrays in the executor's memory. */
const resident = (call: Call): Call => {
  const { a, b } = call.inputs
  return { ...call, inputs: { ...call.inputs, a: cpu.upload(a, [a.length]), b: cpu.upload(b, [b.length]) } }
}

function inPlace(call: Call): LaneCall<Float32Array> {
  const fitting = Object.entries(trace(call.fn).outputs).filter(
    ([, { rate }]) => rate === 'element' || (rate === 'block' && call.layout.size === 1),
  )
  const { a, b } = call.inputs
  return {
    ...call,
    into: Object.fromEntries(fitting.slice(0, 2).map(([name], i) => [name, i === 0 ? a : b])),
  }
}

/** Run calls through code emitted for f64. */
function runF64(
  calls: readonly { fn: LaneFn; inputs: Tree<ArrayLike<number> | number>; layout: BlockLayout }[],
): Tree<Float64Array>[] {
  const totals = new Map<string, number>()
  const run = (
    call: (typeof calls)[number],
    goal: Parameters<typeof emitJs>[1],
    outputs: readonly Float64Array[],
  ) => {
    const emitted = emitJs(trace(call.fn), goal, 'f64')
    const body = new Function('arrays', 'scalars', 'outputs', 'layout', emitted.source) as (
      ...args: readonly unknown[]
    ) => readonly number[]
    const scalar = (name: string) =>
      name.startsWith('total:') ? totals.get(name.slice(6)) : call.inputs[name]
    return {
      emitted,
      parts: body(
        emitted.arrays.map((name) => call.inputs[name]),
        emitted.scalars.map(scalar),
        outputs,
        call.layout,
      ),
    }
  }
  for (const stage of totalStages(calls.map((call) => trace(call.fn)))) {
    const sums = new Map<string, number>()
    for (const call of calls) {
      const { emitted, parts } = run(
        call,
        totalsOf(trace(call.fn)).filter(({ name }) => stage.includes(name)),
        [],
      )
      emitted.totals.forEach((name, i) => sums.set(name, (sums.get(name) ?? 0) + parts[i]!))
    }
    sums.forEach((sum, name) => totals.set(name, sum))
  }
  return calls.map((call) => {
    const { outputs } = trace(call.fn)
    const size = {
      element: call.layout.outer * call.layout.length * call.layout.inner,
      block: call.layout.blocks,
      call: 1,
      literal: 1,
    }
    const arrays = Object.entries(outputs).map(
      ([name, { rate }]) => [name, new Float64Array(size[rate])] as const,
    )
    run(
      call,
      'outputs',
      arrays.map(([, array]) => array),
    )
    return Object.fromEntries(arrays)
  })
}

describe('random formulas', () => {
  it('equal the f32 twin to the last bit, in place too, and the f64 definition when emitted for f64', () => {
    let round = 0
    const rates = new Set<string>()
    const values = { all: 0, ordinary: 0 }
    const check = (first: Program, second: Program): void => {
      const fns = [formulaOf(first, 'first'), formulaOf(second, 'second')]
      const calls = fns.map((fn, i) => {
        const [shape, layout] = formulaLayouts[(round + 3 * i) % formulaLayouts.length]!
        const size = sizeOf(shape)
        const inputs = {
          a: weights(size, `a${i}`, round),
          b: weights(size, `b${i}`, round),
          s: specialNumbers[round % 18]!,
        }
        return { fn, inputs, layout }
      })
      round++
      fns.forEach((fn) => Object.values(trace(fn).outputs).forEach(({ rate }) => rates.add(rate)))
      const expected = evaluate(calls, 'f32')
      for (const column of expected.flatMap((out) => Object.values(out))) {
        values.all += column.length
        values.ordinary += column.filter((value) => Number.isFinite(value) && value !== 0).length
      }
      // Through copies, in the executor's memory, and as JavaScript.
      cpu.lanes(calls).forEach((out, i) => expectSame(out, expected[i]!))
      cpu.lanes(calls.map(resident)).forEach((out, i) => expectSame(out, expected[i]!))
      js.lanes(calls).forEach((out, i) => expectSame(out, expected[i]!))
      const f64 = evaluate(calls, 'f64')
      runF64(calls).forEach((out, i) => expectSame(out, f64[i]!))

      // In place: the first outputs that are as long as an input overwrite a and b.
      for (const [executor, own] of [
        [cpu, copied],
        [cpu, resident],
        [js, copied],
      ] as const) {
        executor
          .lanes(calls.map((call) => inPlace(own(call))))
          .forEach((out, i) => expectSame(out, expected[i]!))
      }
    }
    fc.assert(fc.property(program, program, check), { seed: 7, numRuns: amount(60, 800) })
    expect([...rates].sort()).toEqual(['block', 'call', 'element'])
    // Special values spread: the proof would be hollow were most results NaN, infinite or 0.
    expect(values.ordinary / values.all).toBeGreaterThan(0.4)
  })

  it.each([
    ['more weights than a chunk of a sum', [[9001], perTensor, -1], 12],
    ['blocks longer than a chunk side by side', [[4999, 2], blockOf(4500), 0], 12],
    ['more blocks side by side than a strip', [[70, 131], blockOf(32), 0], 6],
    ['blocks that threads would share, of two lines', [[2, 33001], perRow, -1], 4],
    ['one long block that threads would share', [[70001], perTensor, -1], 4],
  ] as const)('equal the twin over %s', (_, [shape, block, axis], numRuns) => {
    let round = 0
    const layout = layoutOf(shape, block, axis)
    const check = (steps: Program): void => {
      const inputs = {
        a: weights(sizeOf(shape), 'a', round),
        b: weights(sizeOf(shape), 'b', 3 * round + 1),
        s: 0.7,
      }
      // Finite sums of values that differ in size: the order of additions shows.
      for (const x of [inputs.a, inputs.b])
        x.forEach((value, i) => (x[i] = Number.isFinite(value) && Math.abs(value) < 1e20 ? value : 0.1))
      const sums: Program = [[11, 99, 0], [12, 99, 1], ...steps]
      const call = { fn: formulaOf(sums, 'long'), inputs, layout }
      round++
      const [expected] = evaluate([call], 'f32')
      expectSame(cpu.lanes([call])[0]!, expected!)
      expectSame(cpu.lanes([inPlace(resident(call))])[0]!, expected!)
      expectSame(js.lanes([call])[0]!, expected!)
    }
    fc.assert(fc.property(program, check), { seed: 8, numRuns: amount(2, numRuns) })
  })

  it('ran as WebAssembly, all of them', () => {
    expect(cpu.report()).toMatchObject({ backend: 'wasm', threads: 1 })
    expect(cpu.report().formulas.filter(({ backend }) => backend !== 'wasm')).toEqual([])
    expect(js.report().formulas.filter(({ backend }) => backend !== 'js')).toEqual([])
  })
})
