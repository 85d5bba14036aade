import {
  blockOf,
  defineLanes,
  evaluate,
  layoutOf,
  perTensor,
  uniforms,
  type BlockLayout,
  type Lane,
} from '@lotion/core'
import { describe, expect, it } from 'vitest'
import { cpuExecutor } from '../../cpu-executor.js'

// Forms for which kernels have shorter instructions of their own; random formulas rarely hit on them.

const cpu = cpuExecutor({ threads: 1 })

const LAYOUTS: readonly (readonly [string, BlockLayout])[] = [
  ['ragged blocks', layoutOf([3, 701], blockOf(30))],
  ['blocks of whole vectors', layoutOf([3, 704], blockOf(32))],
  ['blocks of a loop of whole vectors', layoutOf([2, 704], blockOf(64))],
  ['blocks of a prime number of vectors', layoutOf([2, 704], blockOf(44))],
  ['blocks side by side', layoutOf([701, 3], blockOf(30), 0)],
  ['a block of several chunks', layoutOf([9001], perTensor)],
  ['a long block', layoutOf([40_003], perTensor)],
]

type Form = (x: { a: Lane; b: Lane; s: Lane }) => Lane

const FORMS: readonly (readonly [string, Form])[] = [
  ['counts where a condition holds', ({ a, b }) => a.less(b, 1, 0).blockSum()],
  ['counts where it does not', ({ a, b }) => a.less(b, 0, 1).blockSum()],
  ['counts a condition of the block', ({ a, s }) => a.blockMax().less(s, 0, 1).blockSum()],
  ['counts a condition of the call', ({ a, s }) => a.mul(0).add(s.less(2, 1, 0).blockSum())],
  [
    'counts twice what it also reads',
    ({ a, b }) =>
      a
        .less(b, 0, 1)
        .blockSum()
        .add(a.less(b, 0, 1)),
  ],
  ['totals a condition', ({ a, b }) => a.less(b, 0, 1).total('n').add(a.mul(0))],
  ['adds a negative', ({ a, b }) => a.add(b.mul(-1))],
  ['adds to a negative', ({ a, b }) => b.mul(-1).add(a)],
  ['subtracts a negative', ({ a, b }) => a.sub(b.mul(-1))],
  ['negates twice', ({ a }) => a.mul(-1).mul(-1)],
  ['multiplies −1 by', ({ a, s }) => s.less(s, 2, -1).mul(a)],
  ['flips a sign on a condition', ({ a, b }) => a.less(b, b.mul(-1), b)],
  ['keeps a sign on a condition', ({ a, b }) => a.less(b, b, b.mul(-1))],
  ['multiplies by −1 on a condition', ({ a, b }) => b.mul(a.less(b, -1, 1))],
  ['multiplies by −1 otherwise', ({ a, b }) => a.less(0, 1, -1).mul(b)],
  [
    'multiplies by a sign that it also reads',
    ({ a, b }) => {
      const sign = a.less(0, -1, 1)
      return sign.mul(b).add(sign)
    },
  ],
  [
    'multiplies by a sign kept from an earlier loop',
    ({ a, b }) => {
      const sign = a.div(b).sqrt().div(a.blockMax()).less(0.7, -1, 1)
      return sign.mul(b).blockSum().add(sign.mul(a))
    },
  ],
  ['takes a binade of at least 1', ({ a }) => a.binade().max(1)],
  [
    'takes a binade of at least the smallest normal number',
    ({ a, b }) =>
      a
        .mul(b)
        .binade()
        .max(2 ** -126),
  ],
  [
    'takes a binade of at least a subnormal number',
    ({ a, b }) =>
      a
        .mul(b)
        .binade()
        .max(2 ** -140),
  ],
  [
    'takes a binade of at least an infinite number, and reads it',
    ({ a }) => {
      const binade = a.binade()
      return binade.max(Infinity).sub(binade)
    },
  ],
  ['squares a sign', ({ a, b }) => a.less(b, -1, 1).mul(a.less(0, -1, 1))],
  ['takes 0 on a condition', ({ a, b }) => a.less(b, 0, b)],
  ['takes 0 otherwise', ({ a, b }) => a.less(b, b, 0)],
  ['takes −0 on a condition', ({ a, b }) => a.less(b, -0, b)],
  [
    'divides by powers of two',
    ({ a }) =>
      a
        .div(2)
        .div(-0.25)
        .div(2 ** 126),
  ],
  ['divides by a power of two that has no inverse', ({ a }) => a.div(2 ** -148)],
]

/** Uniforms around 0 with special values among them. */
function values(stream: string, length: number): Float32Array {
  const special = [0, -0, NaN, Infinity, -Infinity, 2 ** -149, -(2 ** -149), 3e38, 1]
  return uniforms({ seed: 1, stream }, length).map((u, i) =>
    i % 11 === 0 ? special[Math.floor(u * 9)]! : u - 0.5,
  )
}

describe.each(FORMS)('a formula that %s', (name, form) => {
  it.each(LAYOUTS)('equals the twin over %s', (_, layout) => {
    const length = layout.outer * layout.length * layout.inner
    const inputs = { a: values('a', length), b: values('b', length), s: 0.25 }
    const fn = defineLanes({
      name,
      inputs: ['a', 'b'],
      scalars: ['s'],
      outputs: ['y'],
      body: (x) => ({ y: form(x) }),
    })
    const [expected] = evaluate([{ fn, inputs, layout }], 'f32')
    const [found] = cpu.lanes([{ fn, inputs, layout }])
    expect(found!['y']!.findIndex((value, i) => !Object.is(value, expected!['y']![i]))).toBe(-1)
  })
})
