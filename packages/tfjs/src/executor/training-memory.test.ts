// Training on tensors leaves none behind: updater, sampled casts, finite check and the whole of `fit`.

import { blockOf, mapTree, normals, sizeOf, type GradientStep, type Tree } from '@lotion/core'
import { int4, withBlock } from '@lotion/formats'
import { adamw, byName, clipByGlobalNorm, fit, lotion, qat, rat, type OptimizerState } from '@lotion/optim'
import { amount } from '@lotion/test-kit'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { tfjsExecutor } from './tfjs-executor.js'

tf.env().set('PROD', true)

const format = withBlock(int4, blockOf(4))
const shapes = { matrix: [3, 6], bias: [4] }

/** ½ Σ w²; its gradients are tensors of the step, disposed when the next ones are made. */
function bowl(): GradientStep<tf.Tensor> {
  let gradients: Tree<tf.Tensor> = {}
  const close = (): Promise<void> => Promise.resolve(tf.dispose(gradients))
  return {
    name: 'bowl',
    delivers: ['curvature'],
    run: async (params) => {
      await close()
      gradients = mapTree(params, (w) => w.clone())
      return { loss: 1, terms: 8, gradients, signals: { curvature: gradients } }
    },
    close,
  }
}

describe.each([
  ['cpu', 'in host memory', undefined, amount(100, 1000)],
  ['cpu', 'op by op', false, 20],
  ['wasm', 'in host memory', undefined, 100],
] as const)('on the backend %s, %s', (backend, _, host, steps) => {
  beforeAll(() => tf.setBackend(backend))

  it.each([lotion({ format }), rat({ format }), qat({ format })])(
    `$name leaves no tensor behind in ${steps} steps`,
    async (method) => {
      const executor = tfjsExecutor(host === undefined ? {} : { host })
      const params = mapTree(shapes, (shape, stream) =>
        executor.upload(normals({ seed: 1, stream }, sizeOf(shape)), shape),
      )
      const gradientStep = bowl()
      const alive: number[] = []
      const start = tf.memory().numTensors
      const run = (length: number): Promise<OptimizerState<tf.Tensor>> =>
        fit({
          params,
          shapes,
          gradientStep,
          method,
          executor,
          batches: () => ({}),
          quantize: byName(),
          optimizer: adamw({ learningRate: 0.01 }),
          before: [clipByGlobalNorm(3)],
          steps: length,
          seed: 4,
          onStep: () => void alive.push(tf.memory().numTensors),
        })
      const state = await run(steps)
      expect(alive).toEqual(Array.from({ length: steps }, () => alive[0]))
      for (const slots of Object.values(state)) tf.dispose(slots)
      await gradientStep.close()
      expect(tf.memory().numTensors).toBe(start)
      tf.dispose(params)
    },
  )
})
