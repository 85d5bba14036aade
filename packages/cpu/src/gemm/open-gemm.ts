// Matrix products of an executor: in place where operands lie in its memory, through copies where not.
// Comes in: arrays with their shapes. Goes out: the product. Source: docs/design/07-cpu.md, "Matrix products".

import { sizeOf, type Shape } from '@lotion/core'
import { checkFloats, kindOf } from '../prepared-call.js'
import { jsGemm } from './js-gemm.js'
import { productPlan, type MatmulOptions } from './product-plan.js'
import { wasmGemm, type GemmHost, type WasmGemm } from './wasm-gemm.js'
import type { LaneMemory } from '../wasm/threads/lane-memory.js'

/** A tensor of the CPU executor: values in row-major order. */
export interface CpuTensor {
  readonly data: Float32Array
  readonly shape: Shape
}

/** How to multiply. */
export interface IntoOptions extends MatmulOptions {
  /** Array that receives the result and overlaps no operand. Default: a new one. */
  readonly into?: Float32Array
}

/** Multiplies tensors; see `CpuExecutor.matmul`. */
export type Matmul = (a: CpuTensor, b: CpuTensor, options?: IntoOptions) => CpuTensor

/** The executor's side of WebAssembly that products use. */
export interface ProductHost extends GemmHost {
  readonly memory: GemmHost['memory'] & Pick<LaneMemory, 'addressOf'>
}

/** Make products; `host` names the memory that holds most of some arrays, `undefined` where there is no WebAssembly. */
export function openGemm(
  host: (arrays: readonly Float32Array[]) => ProductHost | undefined,
  floats: (length: number, near: Float32Array) => Float32Array,
): Matmul {
  const opened = new WeakMap<ProductHost, WasmProducts>()
  const products = (arrays: readonly Float32Array[]): WasmProducts | undefined => {
    const found = host(arrays)
    if (!found) return undefined
    const known = opened.get(found) ?? wasmProducts(found)
    opened.set(found, known)
    return known
  }
  return (a, b, options = {}) => {
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
    if (!products([a.data, b.data, data])?.(plan, a.data, b.data, data)) jsGemm(plan, a.data, b.data, data)
    return { data, shape: plan.shape }
  }
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

/** Bytes to copy an operand to; grows by doubling, so that what is given up stays less than what is in use. */
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

/** Whether two arrays share bytes; executors' arrays have buffers of their own over one memory, which cannot overlap. */
function overlap(x: Float32Array, y: Float32Array): boolean {
  return (
    x.buffer === y.buffer &&
    x.byteOffset < y.byteOffset + y.byteLength &&
    y.byteOffset < x.byteOffset + x.byteLength
  )
}
