import { afterAll, describe, expect, it } from 'vitest'
import { defineLanes, evaluate, sizeOf, trace, uniforms, type BlockLayout, type LaneFn } from '@lotion/core'
import { randomWords } from '@lotion/core/internal'
import { amount, formulaOf, formulaLayouts, program, specialNumbers, weights } from '@lotion/test-kit'
import fc from 'fast-check'
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

const COUNT = amount(1 << 12, 1 << 15)
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
    const rounds = executor.mode === 'webgpu' ? amount(3, 24) : amount(8, 80)
    for (const [round, programs] of fc
      .sample(fc.tuple(program, program), { seed: 9, numRuns: rounds })
      .entries()) {
      const calls = (['first', 'second'] as const).map((name, i): Call => {
        const [shape, layout] = formulaLayouts[(round + 3 * i) % formulaLayouts.length]!
        const [a, b] = ['a', 'b'].map((stream) => weights(sizeOf(shape), `${stream} ${name}`, round))
        return {
          fn: formulaOf(programs[i]!, name),
          inputs: { a: a!, b: b!, s: specialNumbers[round % 17]! },
          layout,
        }
      })
      for (const { fn } of calls) trace(fn)
      await expectTwin(executor, calls)
    }
  })
})
