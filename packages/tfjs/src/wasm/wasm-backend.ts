// The parts of TensorFlow.js's WebAssembly backend that kernels of our own need: its memory, its allocator,
// its tensors. Comes in: a backend. Goes out: where its tensors lie. Source: @tensorflow/tfjs-backend-wasm
// 4.22, whose typings hide its module.

import { memoryGemm, type WasmGemm, type WebAssemblyMemory } from '@lotion/cpu/internal'
import type { DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core'

/** The backend's name in tfjs. */
export const WASM = 'wasm'

/** What a tensor of the backend is. */
interface TensorData {
  readonly memoryOffset: number
}

/** The backend as its kernels see it. */
export interface WasmBackend extends KernelBackend {
  readonly wasm: {
    /** Exports of the module of one thread. */
    readonly asm?: { readonly memory?: WebAssemblyMemory }
    /** The memory of the module with threads. */
    readonly wasmMemory?: WebAssemblyMemory
    readonly HEAPU8: Uint8Array
    _malloc(bytes: number): number
  }
  readonly dataIdMap: { get(dataId: TensorInfo['dataId']): TensorData }
  makeOutput(shape: readonly number[], dtype: DataType): TensorInfo
  disposeData(dataId: TensorInfo['dataId'], force?: boolean): boolean
  incRef(dataId: TensorInfo['dataId']): void
}

/** Typed views of the backend's memory; stale once it grows: make them after the outputs. */
export const floatsOf = ({ wasm: { HEAPU8 } }: WasmBackend): Float32Array => new Float32Array(HEAPU8.buffer)
export const wordsOf = ({ wasm: { HEAPU8 } }: WasmBackend): Int32Array => new Int32Array(HEAPU8.buffer)

/** Byte address of a tensor. */
export const addressOf = (backend: WasmBackend, { dataId }: TensorInfo): number =>
  backend.dataIdMap.get(dataId).memoryOffset >>> 0

/** Find the backend's memory; `undefined` if this version keeps it elsewhere. */
function memoryOf({ wasm }: WasmBackend): WebAssemblyMemory | undefined {
  const memory = wasm.asm?.memory ?? wasm.wasmMemory
  return memory?.buffer === wasm.HEAPU8.buffer ? memory : undefined
}

/** Reserve bytes for good. @throws if the memory is full. */
function reserve({ wasm }: WasmBackend, bytes: number): number {
  const address = wasm._malloc(bytes) >>> 0
  if (address === 0)
    throw new RangeError(
      `tfjs wasm: expected ${bytes} free bytes in its memory, found fewer; dispose tensors`,
    )
  return address
}

const products = new WeakMap<WasmBackend, WasmGemm>()

/** The products of a backend's memory, made when first needed. */
export function productsOf(backend: WasmBackend): WasmGemm {
  const known = products.get(backend)
  if (known) return known
  const memory = memoryOf(backend)
  if (!memory)
    throw new TypeError("tfjs wasm: expected the backend's memory, found none; use tfjs-backend-wasm 4.22")
  const made = memoryGemm(memory, (bytes) => reserve(backend, bytes))
  products.set(backend, made)
  return made
}
