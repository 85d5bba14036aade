// Competitor: `a @ b` of PyTorch. Comes in: products and thread counts. Goes out: tasks on each count.
// Source: python/torch_matmul.py.

import { z } from 'zod'
import type { TimedTask } from '../harness/competitor.js'
import { timed, torchCompetitor } from '../harness/torch-competitor.js'
import { nameOf, repeatsOf, type MatmulSubject, type Sample } from './matmul-case.js'

/** PyTorch on each number of threads. */
export const torch = torchCompetitor<MatmulSubject, Sample>({
  program: 'torch_matmul.py',
  threads: ({ threads }) => Math.max(...threads),
  opening: async () => ({}),
  tasks: ({ cases, threads }, { request }) =>
    cases.flatMap((one) =>
      threads.map((count): TimedTask<Sample> => {
        const { batch, rows, depth, columns, transposeA, transposeB } = one
        const [a, b] = [
          [...batch, rows, depth],
          [...batch, depth, columns],
        ]
        const multiply = { do: 'run', a, b, transposeA, transposeB, threads: count }
        return {
          task: nameOf(one),
          threads: count,
          first: async () =>
            (await request({ ...multiply, repeats: 1 }, timed.extend({ sample: z.array(z.number()) })))
              .sample,
          run: async () => (await request({ ...multiply, repeats: repeatsOf(one) }, timed)).milliseconds,
        }
      }),
    ),
})
