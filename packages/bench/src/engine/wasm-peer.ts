// Peers: the same program op by op on TensorFlow.js's WebAssembly backend, with its kernels and with ours. Comes in: a workload.
// Goes out: its steps.
// Source: @tensorflow/tfjs-backend-wasm; one thread in Node.

import { mapTree } from '@lotion/core'
import { eagerEngine } from '@lotion/tfjs'
import { registerWasmKernels, type WasmKernels } from '@lotion/tfjs/wasm'
import * as tf from '@tensorflow/tfjs'
import type { EnginePeer, OpenedPeer, PeerDefinition } from './engine-peer.js'
import type { EngineWorkload } from './engine-workload.js'

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
      // tfjs answers undefined as long as nobody has chosen a backend, whatever its typings say.
      const previous: string | undefined = tf.getBackend()
      try {
        await withoutNewListeners(async () => {
          await import('@tensorflow/tfjs-backend-wasm')
          if (!(await tf.setBackend('wasm'))) throw new Error('the backend did not start')
        })
      } catch (error) {
        return {
          skipped: `${error instanceof Error ? error.message : String(error)}; install @tensorflow/tfjs-backend-wasm 4.22.0`,
        }
      }
      return opened(name, workload, previous, register)
    },
  })
}

function opened(
  name: string,
  { model, weights, batch }: EngineWorkload,
  previous: string | undefined,
  register: () => WasmKernels,
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
      await tf.setBackend(previous || 'cpu')
    },
  }
}

/** Run something that sets itself up as the process's handler of uncaught errors, and take that handler out again. */
async function withoutNewListeners(run: () => Promise<void>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'] as const
  const before = events.map((event) => process.rawListeners(event))
  try {
    await run()
  } finally {
    events.forEach((event, i) => {
      for (const listener of process.rawListeners(event)) {
        if (!before[i]?.includes(listener))
          process.removeListener(event, listener as (...args: unknown[]) => void)
      }
    })
  }
}
