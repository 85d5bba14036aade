// Matrix products of an executor: in place where operands lie in its memory, through copies where not.
// Comes in: arrays with their shapes. Goes out: the product. Source: docs/design/07-cpu.md, "Matrix
// products".

import { sizeOf, type Executor, type Shape } from '@lotion/core'
import { checkFloats, kindOf } from '../prepared-call.js'
import { jsGemm } from './js-gemm.js'
import { productMemory, type ProductHost } from './product-memory.js'
import { productPlan, type ProductOptions } from './product-plan.js'
import { wasmGemm, type WasmGemm } from './wasm-gemm.js'
import type { LaneMemory } from '../wasm/threads/lane-memory.js'

/** A tensor of the CPU executor: values in row-major order. */
export interface CpuTensor {
  /** As many values as the shape has elements, the last axis fastest; other lengths are refused. */
  readonly data: Float32Array
  /** Whole numbers, one an axis; `matmul` takes the last two as rows and columns. */
  readonly shape: Shape
}

/** How to multiply. */
export interface MatmulOptions extends ProductOptions {
  /** Array that receives the result and overlaps no operand. Default: a new one. */
  readonly into?: Float32Array
}

const opened = new WeakMap<ProductHost, WasmProducts>()

/**
 * Multiply tensors in an executor's memory and on its threads: a [… batch, m, k] · b [… batch, k, n] → […
 * batch, m, n], the axes before the last two broadcast as in NumPy. `transposeA` and `transposeB` swap an
 * operand's last two axes and cost nothing. The result is defined bit for bit: in f32, each element sums runs
 * of 256 steps, each from 0 in ascending order, the product rounded before it is added; the runs' sums are
 * added in order. So it depends neither on threads nor on where operands lie.
 * @param executor Made by `cpuExecutor`.
 * @param a The left operand, [… batch, m, k].
 * @param b The right operand, [… batch, k, n].
 * @param options Which operands are transposed, and where the product goes.
 * @throws TypeError if the executor is none of `cpuExecutor`; RangeError if shapes do not fit, or `into` has
 * another size or overlaps an operand.
 */
export function matmul(
  executor: Executor<Float32Array>,
  a: CpuTensor,
  b: CpuTensor,
  options: MatmulOptions = {},
): CpuTensor {
  const { products, floats, freed } = productMemory(executor)
  freed.refuse('matmul', Object.entries({ a: a?.data, b: b?.data, into: options.into }))
  checkTensor('a', a)
  checkTensor('b', b)
  const plan = productPlan(a.shape, b.shape, options)
  const length = sizeOf(plan.shape)
  if (options.into !== undefined) checkFloats('into', options.into)
  const data = options.into ?? floats(length, b.data)
  if (data.length !== length) {
    throw new RangeError(
      `into: expected ${length} elements for the product's shape [${plan.shape.join(', ')}], found ${data.length}`,
    )
  }
  if (overlap(data, a.data) || overlap(data, b.data))
    throw new RangeError('into: expected an array that overlaps neither a nor b, found one that does')
  const host = products([a.data, b.data, data])
  if (!host || !productsIn(host)(plan, a.data, b.data, data)) jsGemm(plan, a.data, b.data, data)
  return { data, shape: plan.shape }
}

function productsIn(host: ProductHost): WasmProducts {
  const known = opened.get(host) ?? wasmProducts(host)
  opened.set(host, known)
  return known
}

/** Multiply in WebAssembly; tells whether there was room for copies. */
type WasmProducts = (
  plan: Parameters<WasmGemm['run']>[0],
  a: Float32Array,
  b: Float32Array,
  c: Float32Array,
) => boolean

function wasmProducts(host: ProductHost): WasmProducts {
  const { memory } = host
  const gemm = wasmGemm(host)
  const places = [stagingArea(memory), stagingArea(memory), stagingArea(memory)] as const
  return (plan, a, b, c) => {
    const found = [a, b, c].map((array, i) => memory.addressOf(array) ?? places[i]!(4 * array.length))
    const [atA, atB, atC] = found
    if (atA === undefined || atB === undefined || atC === undefined) return false
    for (const [array, at] of [
      [a, atA],
      [b, atB],
    ] as const)
      if (memory.addressOf(array) === undefined) memory.views().f32.set(array, at / 4)
    gemm.run(plan, { a: atA, b: atB, c: atC })
    if (memory.addressOf(c) === undefined) c.set(memory.views().f32.subarray(atC / 4, atC / 4 + c.length))
    return true
  }
}

/** Bytes to copy an operand to; grows by doubling, so that the memory given up stays below that in use. */
function stagingArea({ reserve }: Pick<LaneMemory, 'reserve'>): (bytes: number) => number | undefined {
  let area: { readonly at: number; readonly bytes: number } | undefined
  return (bytes) => {
    if (area && area.bytes >= bytes) return area.at
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(bytes, 2 ** 16)))
    const at = reserve(capacity)
    if (at !== undefined) area = { at, bytes: capacity }
    return at
  }
}

function checkTensor(name: string, tensor: CpuTensor): void {
  if (typeof tensor !== 'object' || tensor === null || !Array.isArray(tensor.shape))
    throw new TypeError(`${name}: expected a tensor { data, shape }, found ${kindOf(tensor)}`)
  const { data, shape } = tensor
  checkFloats(`${name}.data`, data)
  if (data.length !== sizeOf(shape))
    throw new RangeError(
      `${name}: expected ${sizeOf(shape)} values for shape [${shape.join(', ')}], found ${data.length}`,
    )
}

/** Whether two arrays share bytes; executors' arrays have buffers over one memory that cannot overlap. */
function overlap(x: Float32Array, y: Float32Array): boolean {
  return (
    x.buffer === y.buffer &&
    x.byteOffset < y.byteOffset + y.byteLength &&
    y.byteOffset < x.byteOffset + x.byteLength
  )
}
