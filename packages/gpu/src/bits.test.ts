import { afterAll, describe, expect, it } from 'vitest'
import {
  blockOf,
  defineLanes,
  evaluate,
  integers,
  layoutOf,
  perRow,
  perTensor,
  randomWords,
  sizeOf,
  trace,
  uniforms,
  type BlockLayout,
  type Lane,
  type LaneFn,
  type Shape,
} from '@lotion/core'
import { gpuExecutor, type GpuExecutor } from './gpu-executor.js'

const opened: GpuExecutor[] = []
for (const mode of ['webgpu', 'webasm'] as const) {
  try {
    opened.push(await gpuExecutor({ mode, exact: true }))
  } catch (error) {
    console.warn(`SKIPPED: the bits of ${mode} are not tested here. ${String(error)}`)
  }
}
afterAll(() => Promise.all(opened.map((executor) => executor.close())))

type Call = {
  readonly fn: LaneFn
  readonly inputs: Readonly<Record<string, Float32Array | number>>
  readonly layout?: BlockLayout
}

/** Compare to the last bit, the sign of 0 included; NaNs as a class. */
async function expectTwin(executor: GpuExecutor, calls: readonly Call[]): Promise<void> {
  const found = executor.lanes(
    calls.map((call) => ({
      ...call,
      inputs: Object.fromEntries(
        Object.entries(call.inputs).map(([name, value]) => [
          name,
          typeof value === 'number' ? value : executor.upload(value, [value.length]),
        ]),
      ),
    })),
  )
  for (const [i, expected] of evaluate(calls, 'f32').entries()) {
    for (const [name, values] of Object.entries(expected)) {
      const got = await executor.read(found[i]![name]!)
      expect(got.length).toBe(values.length)
      const at = values.findIndex((value, k) => !Object.is(got[k], value))
      const { fn, inputs } = calls[i]!
      if (at >= 0)
        expect({
          fn: fn.name,
          name,
          at,
          inputs: Object.values(inputs).map((x) => (typeof x === 'number' ? x : x[at])),
          got: got[at],
        }).toEqual({ value: values[at] })
    }
  }
}

const binary = (['add', 'sub', 'mul', 'div', 'min', 'max'] as const).map((op) =>
  defineLanes({ name: op, inputs: ['a', 'b'], outputs: ['y'], body: ({ a, b }) => ({ y: a[op](b) }) }),
)
const unary = (['abs', 'sqrt', 'floor', 'binade'] as const).map((op) =>
  defineLanes({ name: op, inputs: ['a'], outputs: ['y'], body: ({ a }) => ({ y: a[op]() }) }),
)
const others = [
  // A device that fuses, or takes sums apart, gives other bits.
  defineLanes({
    name: 'a product and a sum',
    inputs: ['a', 'b'],
    outputs: ['y'],
    body: ({ a, b }) => ({ y: a.mul(b).add(a.mul(b).mul(-1)).add(a.mul(b)).sub(b) }),
  }),
  defineLanes({
    name: 'a sum taken back',
    inputs: ['a', 'b'],
    outputs: ['y'],
    body: ({ a, b }) => ({ y: a.add(b).sub(b).sub(a) }),
  }),
  defineLanes({
    name: 'less',
    inputs: ['a', 'b'],
    outputs: ['y'],
    body: ({ a, b }) => ({ y: a.less(b, a, b) }),
  }),
]

const COUNT = 1 << 15
const anyBits = (stream: string): Float32Array =>
  new Float32Array(randomWords({ seed: 5, stream }, COUNT).slice().buffer)

describe.each(opened.map((executor) => [executor.mode, executor] as const))('%s', (_, executor) => {
  it.each([...binary, ...unary, ...others].map((fn) => [fn.name, fn] as const))(
    'rounds %s as IEEE 754 says, for any bits',
    async (_name, fn) => {
      const a = anyBits('a')
      const near = Uint32Array.from(new Uint32Array(a.buffer), (word, i) =>
        // The same exponent or one nearby, and half of the time nearly the same number.
        i % 2 ? (word ^ (i << 23)) & 0x81ffffff : word ^ (1 << (i % 23)) ^ ((i & 4) << 29),
      )
      const small = Float32Array.from(
        uniforms({ seed: 6, stream: 'small' }, COUNT),
        (u, i) => (u - 0.5) * 2 ** -(i % 150),
      )
      for (const b of [anyBits('b'), new Float32Array(near.buffer), small])
        await expectTwin(executor, [{ fn, inputs: fn.inputs.includes('b') ? { a, b } : { a: b } }])
    },
  )

  it('gives the bits of the twin for random formulas', async () => {
    for (let round = 0; round < (executor.mode === 'webgpu' ? 24 : 80); round++) {
      const calls = ['first', 'second'].map((name, i): Call => {
        const [shape, layout] = LAYOUTS[(round + 3 * i) % LAYOUTS.length]!
        const [a, b] = ['a', 'b'].map((stream) => weights(sizeOf(shape), `${stream} ${name}`, round))
        return { fn: formula(name, round), inputs: { a: a!, b: b!, s: SPECIAL[round % 17]! }, layout }
      })
      for (const { fn } of calls) trace(fn)
      await expectTwin(executor, calls)
    }
  })
})

/** Every operation of the language; totals of different steps have different names. */
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
  (p) => p.binade(),
  (p, q, r, t) => p.less(q, r, t),
  (p) => p.blockMax(),
  (p) => p.blockSum(),
  (p) => p.tensorMax(),
  (p) => p.tensorSum(),
  (p, _q, _r, _t, step) => p.total(`total ${step}`),
]

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
  3e38,
  -3e38,
  Infinity,
  -Infinity,
  NaN,
]

/** A formula of up to twelve operations on two weights and a scalar; its last five values are outputs. */
function formula(name: string, round: number): LaneFn {
  const outputs = ['y0', 'y1', 'y2', 'y3', 'y4']
  return defineLanes({
    name,
    inputs: ['a', 'b'],
    scalars: ['s'],
    outputs,
    body: ({ a, b, s }) => {
      const values = [a!, b!, s!]
      const draw = integers({ seed: 9, stream: name, step: round }, 100, 1000)
      for (let step = 0; step < 4 + (round % 9); step++) {
        const [op, constant, ...operands] = draw.slice(step * 6, step * 6 + 6)
        const picked = operands.map((at) => values[at % values.length]!)
        if (constant! < 4 * SPECIAL.length) picked[1] = s!.less(s!, 0, SPECIAL[constant! % SPECIAL.length]!)
        values.push(
          OPERATIONS[op! % OPERATIONS.length]!(picked[0]!, picked[1]!, picked[2]!, picked[3]!, step),
        )
      }
      return Object.fromEntries(outputs.map((output, i) => [output, values.at(-1 - i)!]))
    },
  })
}

const LAYOUTS: readonly (readonly [Shape, BlockLayout])[] = [
  [[24], layoutOf([24], blockOf(8))],
  [[3, 7], layoutOf([3, 7], blockOf(4))],
  [[7, 3], layoutOf([7, 3], blockOf(2), 0)],
  [[2, 5, 3], layoutOf([2, 5, 3], blockOf(4), 1)],
  [[4, 6], layoutOf([4, 6], blockOf(3))],
  [[4, 5], layoutOf([4, 5], perRow, 0)],
  [[13], layoutOf([13], perTensor)],
  [[6], layoutOf([6], blockOf(1))],
]

/** Weights of mixed kinds: special values, ordinary ones, and ordinary ones of very different sizes. */
function weights(length: number, stream: string, step: number): Float32Array {
  const [kind, value] = ['kind', 'value'].map((part) =>
    uniforms({ seed: 3, stream: `${stream} ${part}`, step }, length),
  )
  return Float32Array.from(value!, (u, i) => {
    if (kind![i]! < 0.25) return SPECIAL[Math.floor(u * (step % 3 === 0 ? SPECIAL.length : 17))]!
    return kind![i]! < 0.8 ? 4 * u - 2 : (u - 0.5) * 2 ** Math.floor(kind![i]! * 400 - 340)
  })
}
