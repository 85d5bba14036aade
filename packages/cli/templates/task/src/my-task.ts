// A task: what is trained, so that methods can be compared on it. Change the loss, the data and the defaults.

import { defineTask } from '@lotion/bench'
import { wholeNumber } from '@lotion/cli'
import { normals } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { cosine, everything, linear, sgd } from '@lotion/optim'

/** ½ |w − target|², a target for every seed. */
export const myTask = defineTask({
  name: 'my-task',
  summary: 'compare the methods on a parabola',
  options: {
    dimension: {
      flags: '--dimension <n>',
      description: 'weights',
      schema: wholeNumber({ min: 1, max: 1e6 }),
      default: '64',
    },
  },
  examples: ['lotion run src/my-task.ts --seeds 3'],
  // Its curvature is estimated; a task that knows it delivers it as a signal, for `--fisher exact`.
  defaults: { fisher: 'empirical' },
  loss: { name: 'loss', meaning: 'Losses are half squared distances.' },
  steps: 100,
  learningRate: 0.1,
  learningRates: [0.03, 0.1, 0.3],
  workload: ({ dimension }) => ({
    shapes: { w: [dimension] },
    quantize: everything,
    schedule: cosine,
    optimizer: (learningRate) => sgd({ learningRate }),
    lambda: (strength) => linear(0, strength),
    config: { dimension },
    // Load data and compile here; it serves all methods and seeds of a process.
    open: () => ({
      executor: cpuExecutor(),
      close: async () => undefined,
      problem: (seed) => {
        const target = normals({ seed, stream: 'target' }, dimension)
        const evaluate = (w: Float32Array) => {
          const away = w.map((value, i) => value - (target[i] ?? 0))
          return { loss: away.reduce((sum, e) => sum + (e * e) / 2, 0), gradients: { w: away } }
        }
        const atStart = new Float32Array(dimension)
        return {
          params: { w: atStart },
          batches: () => ({}),
          loss: ({ w = atStart }) => evaluate(w).loss,
          gradientStep: {
            name: 'my-task',
            run: async ({ w = atStart }) => ({ ...evaluate(w), terms: 1 }),
            close: async () => undefined,
          },
        }
      },
    }),
  }),
})
