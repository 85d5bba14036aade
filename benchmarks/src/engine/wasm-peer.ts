// Peers: the same program op by op on TensorFlow.js's WebAssembly backend, with its kernels and with ours. Comes in: a workload.
// Goes out: its steps.
// Source: @tensorflow/tfjs-backend-wasm; one thread in Node.

import { mapTree } from '@lotion/core'
import { eagerEngine } from '@lotion/tfjs'
import { registerWasmKernels, type WasmKernels } from '@lotion/tfjs/wasm'
import * as tf from '@tensorflow/tfjs'
import type { EnginePeer, OpenedPeer, PeerDefinition } from './engine-peer.js'
import type { EngineWorkload } from './engine-workload.js'
import { openWasmBackend } from './wasm-backend.js'

/**
 * tfjs on WebAssembly as it comes, but for the kernels that it lacks or gets wrong; only presets with `slowPeers` have it, since
 * its steps take seconds.
 */
export const wasmPeer: PeerDefinition = definition('tfjs wasm', () =>
  registerWasmKernels({ only: 'repairs' }),
)

/** The same backend with the kernels of `@lotion/tfjs/wasm`. */
export const wasmKernelsPeer: PeerDefinition = definition('tfjs wasm, our kernels', () =>
  registerWasmKernels(),
)

function definition(name: string, register: () => WasmKernels): PeerDefinition {
  return Object.freeze({
    name,
    async open(workload: EngineWorkload): Promise<OpenedPeer> {
      if (!workload.preset.slowPeers)
        return {
          skipped: 'too slow for this preset (seconds a step even on micro); compare with --preset micro',
        }
      const backend = await openWasmBackend()
      if ('skipped' in backend) return backend
      return opened(name, workload, register, backend.close)
    },
  })
}

function opened(
  name: string,
  { model, weights, batch }: EngineWorkload,
  register: () => WasmKernels,
  closeBackend: () => Promise<void>,
): EnginePeer {
  const step = eagerEngine().gradients(model)
  /** Two peers share the backend: each has its kernels for as long as its step takes. */
  const withKernels = async <R>(run: () => Promise<R>): Promise<R> => {
    const { restore } = register()
    try {
      return await run()
    } finally {
      restore()
    }
  }
  return {
    name,
    version: `tfjs ${tf.version['tfjs']}, eager`,
    threads: 1,
    rounds: 5,
    steps: [
      {
        kind: 'gradients',
        variant: '',
        run: () =>
          withKernels(async () => {
            const start = performance.now()
            await step.run(weights, batch)
            return performance.now() - start
          }),
        first: () =>
          withKernels(async () => {
            const { loss, gradients } = await step.run(weights, batch)
            return { loss, tensors: mapTree(gradients, (array) => Float32Array.from(array)) }
          }),
      },
    ],
    async close() {
      await step.close()
      await closeBackend()
    },
  }
}
