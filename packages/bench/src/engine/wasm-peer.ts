// Peer: the same program op by op on TensorFlow.js's WebAssembly backend. Comes in: a workload. Goes out: its steps.
// Source: @tensorflow/tfjs-backend-wasm; one thread in Node.

import { mapTree } from '@lotion/core'
import { eagerEngine } from '@lotion/tfjs'
import * as tf from '@tensorflow/tfjs'
import type { EnginePeer, OpenedPeer, PeerDefinition } from './engine-peer.js'
import type { EngineWorkload } from './engine-workload.js'

/** tfjs on WebAssembly; only presets with `slowPeers` have it, since its steps take seconds. */
export const wasmPeer: PeerDefinition = Object.freeze({
  name: 'tfjs wasm',
  async open(workload: EngineWorkload): Promise<OpenedPeer> {
    if (!workload.preset.slowPeers) return { skipped: `a step of this size takes minutes; compare with --preset micro` }
    const previous = tf.getBackend()
    try {
      await import('@tensorflow/tfjs-backend-wasm')
      if (!(await tf.setBackend('wasm'))) throw new Error('the backend did not start')
    } catch (error) {
      return { skipped: `${error instanceof Error ? error.message : String(error)}; install @tensorflow/tfjs-backend-wasm 4.22.0` }
    }
    addSegmentSum()
    return opened(workload, previous)
  },
})

function opened({ model, weights, batch }: EngineWorkload, previous: string): EnginePeer {
  const step = eagerEngine().gradients(model)
  return {
    name: 'tfjs wasm',
    version: `tfjs ${tf.version['tfjs']}, eager`,
    threads: 1,
    rounds: 5,
    steps: [
      {
        kind: 'gradients',
        variant: '',
        run: async () => {
          const start = performance.now()
          await step.run(weights, batch)
          return performance.now() - start
        },
        first: async () => {
          const { loss, gradients } = await step.run(weights, batch)
          return { loss, tensors: mapTree(gradients, (array) => Float32Array.from(array)) }
        },
      },
    ],
    async close() {
      await step.close()
      if (previous) await tf.setBackend(previous)
    },
  }
}

/**
 * Give the backend the kernel that it lacks for the gradient of an embedding lookup: one-hot(ids)ᵀ · rows.
 * The ids are the first axis of `x`, as they are here.
 */
function addSegmentSum(): void {
  if (tf.getKernel('UnsortedSegmentSum', 'wasm')) return
  tf.registerKernel({
    kernelName: 'UnsortedSegmentSum',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, segmentIds } = inputs
      const depth = Number(attrs?.['numSegments'])
      if (x === undefined || segmentIds === undefined) throw new Error('UnsortedSegmentSum: expected x and segmentIds')
      return tf.tidy(() => {
        const ids = tf.reshape(tensorOf(segmentIds), [-1])
        const rows = tf.reshape(tensorOf(x), [ids.size, -1])
        const sums = tf.matMul(tf.oneHot(ids, depth, 1, 0, 'float32'), rows, true, false)
        return tf.reshape(sums, [depth, ...x.shape.slice(segmentIds.shape.length)])
      })
    },
  })
}

const tensorOf = (info: tf.TensorInfo): tf.Tensor => tf.engine().makeTensorFromTensorInfo(info)
