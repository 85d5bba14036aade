// Tensors whose values lie in memory that the processor addresses: those of tfjs's cpu and wasm backends.
// Comes in: an instance of tfjs. Goes out: tensors as Float32Array views, without copies.
// Source: docs/design/09-tfjs.md.

import { sizeOf, type Shape } from '@lotion/core'
import type * as tfjs from '@tensorflow/tfjs-core'

type Tf = typeof tfjs

/** Reads and makes tensors in place. */
export interface HostMemory {
  /** See a tensor's values; valid until the next `make`, which may move them. */
  view(x: tfjs.Tensor): Float32Array
  /** Make a tensor whose values are still to be written, through `view`. */
  make(shape: Shape): tfjs.Tensor
}

/** The part of the wasm backend that is used here; its own types come with an optional package. */
interface WasmHeap {
  typedArrayFromHeap(x: tfjs.TensorInfo): unknown
  makeOutput(shape: number[], dtype: 'float32'): tfjs.TensorInfo
}

const hasHeap = (backend: object): backend is WasmHeap =>
  'typedArrayFromHeap' in backend && 'makeOutput' in backend

/** Reach the memory of the current backend; undefined if its values lie on a device. */
export function hostMemory(tf: Tf): HostMemory | undefined {
  const name = tf.getBackend()
  if (name === 'cpu') {
    return {
      // The cpu backend hands out the very array that it keeps.
      view: (x) => x.dataSync<'float32'>(),
      make: (shape) => tf.tensor(new Float32Array(sizeOf(shape)), [...shape], 'float32'),
    }
  }
  const backend: object = tf.backend()
  if (name !== 'wasm' || !hasHeap(backend)) return undefined
  return {
    view: (x) => {
      const values = x.size > 0 ? backend.typedArrayFromHeap(x) : new Float32Array(0)
      if (!(values instanceof Float32Array))
        throw new TypeError(`tensor: expected float32 values, found ${x.dtype}`)
      return values
    },
    make: (shape) => tf.engine().makeTensorFromTensorInfo(backend.makeOutput([...shape], 'float32')),
  }
}
