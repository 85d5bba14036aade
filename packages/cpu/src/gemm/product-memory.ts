// Where matrix products work: the memory of an executor that runs formulas alone, so that its importers do
// not load the code of products. Comes in: an executor with its memory, when it is made. Goes out: the
// memory, to `matmul`.

import { shownValue } from '@lotion/core/internal'
import type { FreedArrays } from '../freed-arrays.js'
import type { LaneMemory } from '../wasm/threads/lane-memory.js'
import type { GemmHost } from './wasm-gemm.js'

/** The executor's side of WebAssembly that products use. */
export interface ProductHost extends GemmHost {
  readonly memory: GemmHost['memory'] & Pick<LaneMemory, 'addressOf'>
}

/** The memory of an executor. */
export interface ProductMemory {
  /** The memory that holds most of some arrays; `undefined` where there is no WebAssembly. */
  products(arrays: readonly Float32Array[]): ProductHost | undefined
  floats(length: number, near: Float32Array): Float32Array
  readonly freed: FreedArrays
}

const memories = new WeakMap<object, ProductMemory>()

/** Let `matmul` work in the memory of this executor. */
export function offerProducts<E extends object>(executor: E, memory: ProductMemory): E {
  memories.set(executor, memory)
  return executor
}

/** The memory of an executor. @throws TypeError if it is none of `cpuExecutor`. */
export function productMemory(executor: object): ProductMemory {
  const memory = memories.get(executor)
  if (memory) return memory
  throw new TypeError(`matmul: expected an executor of cpuExecutor(), found ${shownValue(executor)}`)
}
