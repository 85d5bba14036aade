// Matrix products: bit for bit the definition, whatever the form, the batches, the place of operands and the
// threads.

import { sizeOf, uniforms, type Shape } from '@lotion/core'
import { afterAll, describe, expect, it } from 'vitest'
import { cpuExecutor, type CpuExecutor } from '../cpu-executor.js'
import { webAssembly } from '../wasm/web-assembly.js'
import { memoryGemm } from './memory-gemm.js'
import { productPlan } from './product-plan.js'
import { matmul, type CpuTensor, type MatmulOptions } from './matmul.js'

const one = cpuExecutor({ threads: 1 })
const three = cpuExecutor({ threads: 3 })
const js = cpuExecutor({ wasm: false })
afterAll(() => [one, three].forEach((executor) => executor.close()))

const f = Math.fround

const tensor = (stream: string, shape: Shape): CpuTensor => ({
  data: uniforms({ seed: 7, stream }, sizeOf(shape)).map((u) => u - 0.5),
  shape,
})

/** An element of one matrix, its last two axes perhaps swapped. */
const element = ({ data, shape }: CpuTensor, matrix: number, row: number, column: number, swap: boolean) => {
  const [rows, columns] = shape.slice(-2) as [number, number]
  return data[matrix * rows * columns + (swap ? column * columns + row : row * columns + column)]!
}

/** The definition, element by element; `batches` lists the matrices of a and b. */
function oracle(
  a: CpuTensor,
  b: CpuTensor,
  { transposeA = false, transposeB = false }: MatmulOptions,
  batches: readonly (readonly [number, number])[],
): Float32Array {
  const [m, k] = transposeA ? a.shape.slice(-2).toReversed() : a.shape.slice(-2)
  const n = b.shape.at(transposeB ? -2 : -1)!
  const values = batches.flatMap(([inA, inB]) =>
    Array.from({ length: m! * n }, (_, at) => {
      let sum = 0
      for (let from = 0; from < k!; from += 256) {
        let run = 0
        for (let step = from; step < Math.min(k!, from + 256); step++) {
          const x = element(a, inA, Math.floor(at / n), step, transposeA)
          run = f(run + f(x * element(b, inB, step, at % n, transposeB)))
        }
        sum = f(sum + run)
      }
      return sum
    }),
  )
  return Float32Array.from(values)
}

const bits = (array: Float32Array): Uint32Array => new Uint32Array(Float32Array.from(array).buffer)

/** Where two arrays first differ in bits; −1 if they do not. */
const difference = (x: Float32Array, y: Float32Array): number => {
  const [a, b] = [bits(x), bits(y)]
  return a.length === b.length ? a.findIndex((word, i) => word !== b[i]) : Infinity
}
const forms = [false, true].flatMap((transposeA) =>
  [false, true].map((transposeB) => ({ transposeA, transposeB })),
)
const stored = (rows: number, columns: number, swap: boolean): Shape =>
  swap ? [columns, rows] : [rows, columns]
const placed = (executor: CpuExecutor, { data, shape }: CpuTensor): CpuTensor => ({
  data: executor.upload(data, shape),
  shape,
})

// Whole tiles, edges of 4 rows and of 8 columns, blocks of 96 rows, 256 steps and 512 columns, and what lies
// beyond each.
const sizes = [
  [1, 1, 1],
  [4, 8, 8],
  [3, 5, 7],
  [33, 33, 33],
  [5, 257, 9],
  [97, 3, 12],
  [100, 300, 20],
  [2, 6, 521],
  [129, 40, 65],
] as const

describe.each(forms)('a transposed: $transposeA, b transposed: $transposeB', (form) => {
  it.each(sizes)('is the definition for %i × %i × %i', (m, k, n) => {
    const a = tensor('a', stored(m, k, form.transposeA))
    const b = tensor('b', stored(k, n, form.transposeB))
    const expected = oracle(a, b, form, [[0, 0]])
    for (const executor of [one, three, js]) {
      const { data, shape } = matmul(executor, a, b, form)
      expect(shape).toEqual([m, n])
      expect(difference(data, expected)).toBe(-1)
    }
    const inPlace = matmul(one, placed(one, a), placed(one, b), {
      ...form,
      into: one.zeros([m, n]).fill(NaN),
    })
    expect(difference(inPlace.data, expected)).toBe(-1)
  })

  it('takes batches, broadcast on either side', () => {
    const [m, k, n] = [5, 6, 9]
    const a = tensor('a', [2, 1, 3, ...stored(m, k, form.transposeA)])
    const b = tensor('b', [4, 1, ...stored(k, n, form.transposeB)])
    const batches = Array.from({ length: 24 }, (_, i) => {
      const [outer, middle, inner] = [Math.floor(i / 12), Math.floor(i / 3) % 4, i % 3]
      return [outer * 3 + inner, middle] as const
    })
    for (const executor of [one, js]) {
      const { data, shape } = matmul(executor, a, b, form)
      expect(shape).toEqual([2, 4, 3, m, n])
      expect(difference(data, oracle(a, b, form, batches))).toBe(-1)
    }
  })

  it('is the same on any number of threads, by rows and by columns', () => {
    for (const [batch, m, k, n] of [
      [1, 700, 130, 90],
      [9, 60, 100, 200],
      [1, 7, 900, 1500],
    ] as const) {
      const a = tensor('a', [batch, ...stored(m, k, form.transposeA)])
      const b = tensor('b', [batch, ...stored(k, n, form.transposeB)])
      const expected = matmul(one, a, b, form).data
      // Threads join when they are ready.
      for (let i = 0; i < 4; i++) expect(difference(matmul(three, a, b, form).data, expected)).toBe(-1)
      expect(difference(matmul(js, a, b, form).data, expected)).toBe(-1)
    }
  })
})

it('stays within the error bound of its order of summation', () => {
  const [m, k, n] = [17, 1000, 24]
  const [a, b] = [tensor('a', [m, k]), tensor('b', [k, n])]
  const { data } = matmul(one, a, b)
  for (let at = 0; at < m * n; at++) {
    let [exact, size] = [0, 0]
    for (let step = 0; step < k; step++) {
      const product = a.data[Math.floor(at / n) * k + step]! * b.data[step * n + (at % n)]!
      exact += product
      size += Math.abs(product)
    }
    // Higham, Accuracy and Stability, section 3.1: each product is rounded once and added at most 256 + 4
    // times.
    const unit = 261 * 2 ** -24
    expect(Math.abs(data[at]! - exact)).toBeLessThanOrEqual((unit / (1 - unit)) * size)
  }
})

it('multiplies 5000 small matrices in one call', () => {
  const [a, b] = [tensor('a', [5000, 2, 3]), tensor('b', [5000, 3, 2])]
  const batches = Array.from({ length: 5000 }, (_, i) => [i, i] as const)
  expect(difference(matmul(three, a, b).data, oracle(a, b, {}, batches))).toBe(-1)
})

it('makes zeros of no steps, and nothing of no rows', () => {
  for (const executor of [one, js]) {
    const empty = { data: new Float32Array(0), shape: [2, 0] }
    const into = new Float32Array(6).fill(5)
    expect(matmul(executor, empty, { ...empty, shape: [0, 3] }, { into }).data).toEqual(new Float32Array(6))
    expect(matmul(executor, empty, empty, { transposeA: true })).toEqual({
      data: new Float32Array(0),
      shape: [0, 0],
    })
  }
})

it('keeps infinities and NaN in their rows and columns', () => {
  const a = { data: Float32Array.of(1, 2, Infinity, 1), shape: [2, 2] }
  const b = { data: Float32Array.of(1, NaN, 0, 1), shape: [2, 2] }
  for (const executor of [one, js]) expect([...matmul(executor, a, b).data]).toEqual([1, NaN, Infinity, NaN])
})

it('names what does not fit', () => {
  const a = tensor('a', [2, 3])
  expect(() => matmul(one, a, tensor('b', [2, 3]))).toThrow(
    'expected as many columns of a as rows of b, found 3 and 2',
  )
  expect(() => matmul(one, a, tensor('b', [3]))).toThrow('expected at least two axes of b, found [3]')
  expect(() => matmul({ ...one }, a, a)).toThrow('expected an executor of cpuExecutor(), found an object')
  expect(() => matmul(one, tensor('a', [2, 4, 3]), tensor('b', [3, 3, 4]))).toThrow(
    'batches of the same extents',
  )
  expect(() => matmul(one, { ...a, shape: [3, 3] }, a)).toThrow('a: expected 9 values')
  expect(() => matmul(one, a, tensor('b', [3, 3]), { into: new Float32Array(5) })).toThrow(
    'into: expected 6 elements',
  )
  expect(() => matmul(one, a, tensor('b', [3, 3]), { into: a.data })).toThrow('overlaps neither a nor b')
})

it('multiplies in a memory that somebody else owns and that grows', () => {
  for (const shared of [false, true]) {
    const memory = new webAssembly!.Memory({ initial: 16, maximum: 64, shared })
    let next = 64
    const reserve = (bytes: number): number =>
      (next += Math.ceil(bytes / 16) * 16) - Math.ceil(bytes / 16) * 16
    const gemm = memoryGemm(memory, reserve)
    const [a, b] = [tensor('a', [3, 9, 20]), tensor('b', [3, 11, 20])]
    const plan = productPlan(a.shape, b.shape, { transposeB: true })
    const at = { a: reserve(4 * a.data.length), b: reserve(4 * b.data.length), c: reserve(4 * 3 * 99) }
    memory.grow(8)
    new Float32Array(memory.buffer).set(a.data, at.a / 4)
    new Float32Array(memory.buffer).set(b.data, at.b / 4)
    gemm.run(plan, at)
    const found = new Float32Array(memory.buffer, at.c, 3 * 99)
    expect(difference(found, matmul(js, a, b, { transposeB: true }).data)).toBe(-1)
  }
})
