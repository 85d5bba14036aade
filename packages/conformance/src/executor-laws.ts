// Laws of executors: lane functions give the numbers of the f32 (or f64) evaluation, bit for bit or within
// declared bounds. Comes in: an executor. Goes out: counterexamples. Source: the contract `Executor`;
// docs/design/02-lanes.md.

import {
  blockOf,
  defineLanes,
  layoutOf,
  normals,
  perRow,
  perTensor,
  sizeOf,
  uniforms,
  type Executor,
  type LaneFn,
  type RandomKey,
  type Tree,
} from '@lotion/core'
import { expectations } from './executor-bounds.js'
import { inPlace } from './in-place-law.js'
import type { Counterexample, Law } from './law.js'

/** An executor over arrays of any kind. @experimental */
export type AnyExecutor = Executor<unknown>

const probeShape = [3, 5, 7] as const
const probeSize = sizeOf(probeShape)

/** Ordinary numbers, and those on which implementations differ. */
function probeArrays(): Tree<Float32Array> {
  const special = [
    0,
    -0,
    1,
    -1,
    2 ** -149,
    -(2 ** -149),
    2 ** -126,
    3e38,
    -3e38,
    Infinity,
    -Infinity,
    NaN,
    0.5,
    7,
    -7,
  ]
  const a = normals({ seed: 1, stream: 'a' }, probeSize)
  const b = normals({ seed: 1, stream: 'b' }, probeSize)
  special.forEach((value, i) => {
    a[i * 3] = value
    b[i * 5] = value
  })
  return { a, b }
}

const binary = (['add', 'sub', 'mul', 'div', 'min', 'max'] as const).map((op) =>
  defineLanes({ name: op, inputs: ['a', 'b'], outputs: ['y'], body: ({ a, b }) => ({ y: a[op](b) }) }),
)
const unary = (['abs', 'sqrt', 'floor', 'binade'] as const).map((op) =>
  defineLanes({ name: op, inputs: ['a'], outputs: ['y'], body: ({ a }) => ({ y: a[op]() }) }),
)
const operations = [
  ...binary,
  ...unary,
  defineLanes({
    name: 'less',
    inputs: ['a', 'b'],
    outputs: ['y'],
    body: ({ a, b }) => ({ y: a.less(b, a, b.mul(2)) }),
  }),
  defineLanes({
    name: 'literals',
    inputs: ['a'],
    outputs: ['y'],
    body: ({ a }) => ({ y: a.mul(0.1).add(1e-8).div(3) }),
  }),
  defineLanes({
    name: 'a scalar',
    inputs: ['a'],
    scalars: ['s'],
    outputs: ['y', 'z'],
    body: ({ a, s }) => ({ y: a.mul(s), z: s.mul(2) }),
  }),
]

const blockwise = [
  defineLanes({
    name: 'the block maximum',
    inputs: ['a'],
    outputs: ['y', 'top'],
    body: ({ a }) => ({ y: a.div(a.abs().blockMax()), top: a.abs().blockMax() }),
  }),
  defineLanes({
    name: 'the block sum',
    inputs: ['a'],
    outputs: ['y'],
    body: ({ a }) => ({ y: a.sub(a.blockSum().div(7)) }),
  }),
  defineLanes({
    name: 'nested reductions',
    inputs: ['a'],
    outputs: ['y'],
    body: ({ a }) => ({ y: a.div(a.abs().blockMax()).mul(a).blockSum().add(a) }),
  }),
]

const totals = defineLanes({
  name: 'a total',
  inputs: ['a'],
  outputs: ['y', 'norm'],
  body: ({ a }) => {
    const norm = a.mul(a).total('squares').sqrt()
    return { y: a.div(norm), norm }
  },
})

interface Call {
  readonly fn: LaneFn
  readonly inputs: Tree<Float32Array | number>
  readonly layout?: ReturnType<typeof layoutOf>
}

/**
 * Run a call and its evaluation; compare all outputs within the executor's bounds, by default in every bit.
 */
async function compare(executor: AnyExecutor, calls: readonly Call[]): Promise<Counterexample | undefined> {
  const given = calls.map((call) => ({
    ...call,
    inputs: Object.fromEntries(
      Object.entries(call.inputs).map(([name, value]) => [
        name,
        typeof value === 'number' ? value : executor.upload(value, [value.length]),
      ]),
    ),
  }))
  const found = executor.lanes(given)
  const expected = expectations(calls, executor)
  for (const [i, call] of calls.entries()) {
    for (const [name, wanted] of Object.entries(expected[i]!)) {
      const mine = await executor.read(found[i]![name])
      const input = `formula '${call.fn.name}', output '${name}'`
      if (mine.length !== wanted.values.length)
        return { input, found: `${mine.length} values, expected ${wanted.values.length}` }
      const k = mine.findIndex((value, j) => !wanted.allows(value, j))
      if (k >= 0)
        return {
          input: `${input}, weight ${k}`,
          found: `${mine[k]}, the evaluation gives ${wanted.values[k]}`,
        }
    }
  }
  return undefined
}

const roundTrip: Law<AnyExecutor> = {
  name: 'upload and read',
  sentence: 'What is uploaded is read back bit for bit, and zeros are zeros.',
  refute: async (executor) => {
    const { a } = probeArrays()
    const back = await executor.read(executor.upload(a!, [probeSize]))
    const i = a!.findIndex((value, k) => !Object.is(value, back[k]))
    if (i >= 0 || back.length !== probeSize)
      return { input: `value ${i}`, found: `${a![i]} comes back as ${back[i]}` }
    const zeros = await executor.read(executor.zeros(probeShape))
    return zeros.length === probeSize && zeros.every((value) => value === 0)
      ? undefined
      : { input: `zeros([${probeShape.join(', ')}])`, found: `${zeros.length} values, not all 0` }
  },
}

const random: Law<AnyExecutor> = {
  name: 'uniforms',
  sentence: 'Uniforms are those of `uniforms` in @lotion/core: the same on every executor.',
  refute: async (executor) => {
    const keys: readonly RandomKey[] = [
      { seed: 0, stream: 'probe' },
      { seed: 2 ** 40 + 1, stream: 'probe', step: 7 },
    ]
    for (const key of keys) {
      const [mine, expected] = [await executor.read(executor.uniforms(key, 101)), uniforms(key, 101)]
      const i = expected.findIndex((value, k) => mine[k] !== value)
      if (i >= 0)
        return { input: `seed ${key.seed}, element ${i}`, found: `${mine[i]}, expected ${expected[i]}` }
    }
    return undefined
  },
}

const elementwise: Law<AnyExecutor> = {
  name: 'formulas',
  sentence:
    'Every operation on weights gives the bits of the evaluation, or what the declared bounds allow, for ±0, subnormals, infinities and NaN too.',
  refute: async (executor) => {
    const formulas: readonly LaneFn[] = operations
    for (const fn of formulas) {
      const { a, b } = probeArrays()
      const inputs = {
        ...(fn.inputs.includes('b') ? { b: b! } : {}),
        ...(fn.scalars.length > 0 ? { s: 1.7 } : {}),
        a: a!,
      }
      const found = await compare(executor, [{ fn, inputs }])
      if (found) return found
    }
    return undefined
  },
}

const reductions: Law<AnyExecutor> = {
  name: 'blocks',
  sentence:
    'Reductions over blocks of any layout, ragged and strided ones too, give the bits of the evaluation, or what the declared bounds allow.',
  refute: async (executor) => {
    const a = normals({ seed: 2, stream: 'a' }, probeSize)
    const layouts = [perTensor, perRow, blockOf(3), blockOf(1)].flatMap((block) =>
      [-1, 0, 1].map((axis) => layoutOf(probeShape, block, axis)),
    )
    for (const fn of blockwise) {
      for (const layout of layouts) {
        const found = await compare(executor, [{ fn, inputs: { a }, layout }])
        if (found)
          return {
            ...found,
            input: `${found.input}, blocks of ${layout.size} in ${layout.outer} × ${layout.length} × ${layout.inner}`,
          }
      }
    }
    return undefined
  },
}

const sums: Law<AnyExecutor> = {
  name: 'totals',
  sentence: 'A total adds up over all calls of one `lanes`, in their order.',
  refute: (executor) =>
    compare(
      executor,
      ['a', 'b', 'c'].map((stream, i) => ({
        fn: totals,
        inputs: { a: normals({ seed: 3, stream }, 50 + 4100 * i) },
      })),
    ),
}

const freed: Law<AnyExecutor> = {
  name: 'free',
  sentence: 'Freeing arrays, where an executor can, leaves what was made from them as it is.',
  refute: async (executor) => {
    const copy = defineLanes({
      name: 'copy',
      inputs: ['a'],
      outputs: ['y'],
      body: ({ a }) => ({ y: a.mul(1) }),
    })
    const { a } = probeArrays()
    const given = executor.upload(a!, [probeSize])
    const made = (): unknown => executor.lanes([{ fn: copy, inputs: { a: given } }])[0]!['y']
    const expected = await executor.read(made())
    const kept = made()
    executor.free?.(given)
    const back = await executor.read(kept)
    const k = back.findIndex((value, i) => !Object.is(value, expected[i]))
    return k < 0
      ? undefined
      : { input: `weight ${k} of a copy, the original freed`, found: `${back[k]}, expected ${expected[k]}` }
  },
}

/** What every executor is held to. */
export const executorLaws: readonly Law<AnyExecutor>[] = Object.freeze([
  roundTrip,
  random,
  elementwise,
  reductions,
  sums,
  inPlace,
  freed,
])
