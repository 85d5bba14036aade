import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  blockOf,
  defineLanes,
  emitJs,
  evaluate,
  layoutOf,
  perRow,
  perTensor,
  sizeOf,
  totalStages,
  totalsOf,
  trace,
  uniforms,
  type BlockLayout,
  type Lane,
  type LaneCall,
  type LaneFn,
  type Shape,
  type Tree,
} from '@lotion/core'
import { cpuExecutor } from './cpu-executor.js'

const cpu = cpuExecutor({ threads: 1 })
const js = cpuExecutor({ wasm: false })

/** Every operation of the language; t numbers the step, so that totals have different names. */
const OPERATIONS: readonly ((p: Lane, q: Lane, r: Lane, t: Lane, step: number) => Lane)[] = [
  (p, q) => p.add(q),
  (p, q) => p.sub(q),
  (p, q) => p.mul(q),
  (p, q) => p.div(q),
  (p, q) => p.min(q),
  (p, q) => p.max(q),
  (p) => p.abs(),
  (p) => p.sqrt(),
  (p) => p.floor(),
  (p, q, r, t) => p.less(q, r, t),
  (p) => p.blockMax(),
  (p) => p.blockSum(),
  (p, _q, _r, _t, step) => p.total(`total ${step}`),
  (p) => p.binade(),
  (p) => p.tensorMax(),
  (p) => p.tensorSum(),
]

/** Values where arithmetic is at its edges; NaN last. */
const SPECIAL = [
  0,
  -0,
  2 ** -149,
  -(2 ** -149),
  2 ** -126,
  1e-40,
  0.5,
  -0.5,
  1,
  -1,
  1.5,
  2.5,
  -7,
  16777217,
  1e30,
  -1e30,
  3e38,
  -3e38,
  Infinity,
  -Infinity,
  NaN,
]

type Program = readonly (readonly number[])[]

/** A formula of two weights and a scalar; its last five values are outputs, of whatever rate they have. */
function formulaOf(program: Program, name: string): LaneFn {
  const outputs = ['y0', 'y1', 'y2', 'y3', 'y4']
  return defineLanes({
    name,
    inputs: ['a', 'b'],
    scalars: ['s'],
    outputs,
    body: (x) => {
      const values = [x['a']!, x['b']!, x['s']!]
      program.forEach(([op, constant, ...operands], step) => {
        const picked = operands.map((at) => values[at % values.length]!)
        // Now and then a literal takes the place of the second operand.
        if (constant! < SPECIAL.length) picked[1] = x['s']!.less(x['s']!, 0, SPECIAL[constant!]!)
        values.push(OPERATIONS[op!]!(picked[0]!, picked[1]!, picked[2]!, picked[3]!, step))
      })
      return Object.fromEntries(outputs.map((output, i) => [output, values.at(-1 - i)!]))
    },
  })
}

const operand = fc.nat(999)
const program = fc.array(
  fc.tuple(fc.nat(OPERATIONS.length - 1), fc.nat(99), operand, operand, operand, operand),
  { minLength: 3, maxLength: 14 },
)

const LAYOUTS: readonly (readonly [Shape, BlockLayout])[] = [
  [[24], layoutOf([24], blockOf(8))],
  [[3, 7], layoutOf([3, 7], blockOf(4))],
  [[7, 3], layoutOf([7, 3], blockOf(2), 0)],
  [[2, 5, 3], layoutOf([2, 5, 3], blockOf(4), 1)],
  [[4, 5], layoutOf([4, 5], perRow, 0)],
  [[13], layoutOf([13], perTensor)],
  [[6], layoutOf([6], blockOf(1))],
]

/** Weights of mixed kinds: special values, ordinary ones, and ordinary ones of very different sizes. */
function weights(length: number, stream: string, step: number): Float32Array {
  const key = { seed: 3, stream, step }
  const [kind, value] = [uniforms(key, length), uniforms({ ...key, stream: `${stream} value` }, length)]
  return Float32Array.from(value, (u, i) => {
    if (kind[i]! < 0.25) return SPECIAL[Math.floor(u * (step % 3 === 0 ? SPECIAL.length : 18))]!
    return kind[i]! < 0.8 ? 4 * u - 2 : (u - 0.5) * 2 ** Math.floor(kind[i]! * 400 - 340)
  })
}

/** Compare to the last bit, the sign of 0 included; NaNs as a class. */
function expectSame(found: Tree<ArrayLike<number>>, expected: Tree<ArrayLike<number>>): void {
  for (const [name, values] of Object.entries(expected)) {
    const got = found[name]!
    expect(got.length).toBe(values.length)
    for (let i = 0; i < values.length; i++) {
      if (!Object.is(got[i], values[i]))
        expect({ name, i, value: got[i] }).toEqual({ name, i, value: values[i] })
    }
  }
}

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
        const [shape, layout] = LAYOUTS[(round + 3 * i) % LAYOUTS.length]!
        const size = sizeOf(shape)
        const inputs = {
          a: weights(size, `a${i}`, round),
          b: weights(size, `b${i}`, round),
          s: SPECIAL[round % 18]!,
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
    fc.assert(fc.property(program, program, check), { seed: 7, numRuns: 800 })
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
    fc.assert(fc.property(program, check), { seed: 8, numRuns })
  })

  it('ran as WebAssembly, but for the operations that have no form there yet', () => {
    expect(cpu.report()).toMatchObject({ backend: 'wasm', threads: 1 })
    const others = cpu.report().formulas.filter(({ backend }) => backend !== 'wasm')
    for (const { reason } of others)
      expect(reason).toMatch(/^'(tensorMax|tensorSum|binade)' has no WebAssembly form$/)
    const calls = (of: typeof others): number => of.reduce((sum, formula) => sum + formula.calls, 0)
    expect(calls(others)).toBeLessThan(calls([...cpu.report().formulas]))
    expect(js.report().formulas.filter(({ backend }) => backend !== 'js')).toEqual([])
  })
})
