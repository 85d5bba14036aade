// Puts kernels of our own in place of those of tfjs's WebAssembly backend. Comes in: tfjs, with that backend
// chosen. Goes out: what was replaced, and a way back. Source: docs/design/09-tfjs.md, "Matrix products on
// wasm".

import * as defaultTf from '@tensorflow/tfjs-core'
import { oneCore } from '../core-instance.js'
import { concat, identity, splitV } from './copy-kernels.js'
import { conv2dFilterGradient } from './conv-kernels.js'
import { gatherRows, oneHot, unsortedSegmentSum } from './gather-kernels.js'
import { batchMatMul, fusedMatMul } from './matmul-kernels.js'
import { sumRows } from './sum-kernel.js'
import { productsOf, WASM, type WasmBackend } from './wasm-backend.js'
import type { Tf, WasmKernel } from './wasm-kernel.js'

/** Kernels that the backend lacks or gets wrong. */
const repairs: readonly WasmKernel[] = [unsortedSegmentSum, oneHot, conv2dFilterGradient]

/** Kernels that the backend has, but slower. */
const faster: readonly WasmKernel[] = [
  batchMatMul,
  fusedMatMul,
  identity,
  concat,
  splitV,
  gatherRows,
  sumRows,
]

/** How to register. */
export interface WasmKernelOptions {
  /** The instance of tfjs whose backend it is. Default: the imported `@tensorflow/tfjs-core`. */
  readonly tf?: Tf
  /** `'repairs'` leaves all that the backend does right as it is. Default: all kernels. */
  readonly only?: 'repairs'
}

/** What was done to the backend. */
export interface WasmKernels {
  /** Kernels that were replaced, by name. */
  readonly replaced: readonly string[]
  /** Kernels that the backend had not. */
  readonly added: readonly string[]
  /** Put the backend's own kernels back. Further calls do nothing. */
  restore(): void
}

const registered = new WeakMap<Tf, { readonly only: string; readonly report: WasmKernels }>()

/**
 * Replace kernels of the WebAssembly backend, which must have been chosen (`await tf.setBackend('wasm')`).
 * Matrix products run as packed SIMD in the backend's own memory, transposed or not; copies of whole tensors
 * are saved; what gradients of language models and of convolutions need and the backend lacks is added. A
 * second call changes nothing and returns the first one's report.
 * @param options The instance, and which kernels.
 * @throws if the backend is another one, its memory cannot be found, the machine has no WebAssembly SIMD, or
 * other kernels were registered before; nothing is replaced then.
 * @example
 * ```ts
 * import { registerWasmKernels } from '@lotion/tfjs/wasm'
 * import * as tf from '@tensorflow/tfjs-core'
 * import '@tensorflow/tfjs-backend-wasm'
 *
 * await tf.setBackend('wasm')
 * const { replaced, restore } = registerWasmKernels()
 * console.log(replaced)
 * restore()
 * ```
 */
export function registerWasmKernels({ tf = defaultTf, only }: WasmKernelOptions = {}): WasmKernels {
  const choice = only ?? 'all'
  oneCore(tf)
  const known = registered.get(tf)
  if (known?.only === choice) return known.report
  if (known)
    throw new Error(`only: expected '${known.only}' as registered before, found '${choice}'; restore() first`)
  if (tf.getBackend() !== WASM)
    throw new Error(
      `registerWasmKernels: expected the backend 'wasm', found '${tf.getBackend()}'; await tf.setBackend('wasm') first`,
    )
  // Fails here, not in the middle of a step.
  if (only === undefined) productsOf(tf.backend() as WasmBackend)
  const kernels = only === 'repairs' ? repairs : [...repairs, ...faster]
  const undo = kernels.map((kernel) => replace(tf, kernel))
  const report: WasmKernels = Object.freeze({
    replaced: kernels.filter((_, i) => undo[i]!.replaced).map(({ name }) => name),
    added: kernels.filter((_, i) => !undo[i]!.replaced).map(({ name }) => name),
    restore() {
      if (registered.get(tf)?.report !== report) return
      registered.delete(tf)
      for (const { restore } of undo) restore()
    },
  })
  registered.set(tf, { only: choice, report })
  return report
}

function replace(tf: Tf, kernel: WasmKernel): { readonly replaced: boolean; restore(): void } {
  const found: defaultTf.KernelConfig | undefined = tf.getKernel(kernel.name, WASM)
  if (found) tf.unregisterKernel(kernel.name, WASM)
  tf.registerKernel({
    kernelName: kernel.name,
    backendName: WASM,
    // A backend that is made anew still sets the stock kernel up.
    ...(found?.setupFunc ? { setupFunc: found.setupFunc } : {}),
    ...(found?.disposeFunc ? { disposeFunc: found.disposeFunc } : {}),
    kernelFunc: ({ inputs, attrs = {}, backend }) =>
      kernel.run({
        tf,
        inputs,
        attrs,
        backend: backend as WasmBackend,
        stock: () => {
          if (!found) throw new TypeError(`tfjs wasm: '${kernel.name}' is not there for these types`)
          return found.kernelFunc({ inputs, attrs, backend })
        },
      }),
  })
  return {
    replaced: found !== undefined,
    restore() {
      tf.unregisterKernel(kernel.name, WASM)
      if (found) tf.registerKernel(found)
    },
  }
}
