// A kernel of our own for tfjs's WebAssembly backend. Comes in: the kernel that it replaces. Goes out: a
// kernel function.

import type * as tfjs from '@tensorflow/tfjs-core'
import type { WasmBackend } from './wasm-backend.js'

/** An instance of tfjs. */
export type Tf = typeof tfjs

/** One call of a kernel. */
export interface KernelCall {
  readonly tf: Tf
  readonly inputs: tfjs.NamedTensorInfoMap
  readonly attrs: tfjs.NamedAttrMap
  readonly backend: WasmBackend
  /** Run the kernel that this one replaces. @throws if there is none. */
  readonly stock: () => tfjs.TensorInfo | tfjs.TensorInfo[]
}

/** A kernel that replaces the backend's, or that it lacks. */
export interface WasmKernel {
  readonly name: string
  run(call: KernelCall): tfjs.TensorInfo | tfjs.TensorInfo[]
}

/** Read an input that the kernel cannot do without. @throws naming it. */
export function inputOf({ inputs }: KernelCall, name: string): tfjs.TensorInfo {
  const found: tfjs.TensorInfo | undefined = inputs[name]
  if (!found)
    throw new TypeError(`tfjs wasm: expected the input '${name}', found ${Object.keys(inputs).join(', ')}`)
  return found
}

/**
 * Run another kernel of the backend, one with a single output.
 * @throws if the backend has none of that name.
 */
export function runKernel(
  { tf, backend }: KernelCall,
  name: string,
  inputs: tfjs.NamedTensorInfoMap,
  attrs: tfjs.NamedAttrMap = {},
): tfjs.TensorInfo {
  const kernel = tf.getKernel(name, 'wasm')
  if (!kernel) throw new Error(`tfjs wasm: expected the kernel '${name}', found none`)
  const result = kernel.kernelFunc({ inputs, attrs, backend })
  return Array.isArray(result) ? result[0]! : result
}
