// The rate that methods are compared by must not tell which of them ran first.

import { int4 } from '@lotion/formats'
import { ptq } from '@lotion/optim'
import { afterEach, expect, test, vi } from 'vitest'
import { linearRegression } from '../tasks/linear-regression.js'
import { valuesOf, type OpenWorkload } from '../tasks/task.js'
import { runOnce } from './run-once.js'

afterEach(() => void vi.restoreAllMocks())

test('tokens a second are those of the steps after the first, which may trace and check the model', async () => {
  const plain = await linearRegression.workload(valuesOf(linearRegression, { dimension: 8 }))
  const workload = { ...plain, tokensPerStep: 16 }
  const opened = await plain.open(() => undefined)
  // A step takes two seconds, the first one ten.
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  let steps = 0
  const slow: OpenWorkload = {
    ...opened,
    problem: async (seed) => {
      const { gradientStep, ...problem } = await opened.problem(seed)
      return {
        ...problem,
        gradientStep: {
          ...gradientStep,
          run: async (...args) => {
            const result = await gradientStep.run(...args)
            now += steps++ === 0 ? 10_000 : 2_000
            return result
          },
        },
      }
    },
  }
  const rates: unknown[] = []
  const { record } = await runOnce({
    workload,
    opened: slow,
    method: ptq({ format: int4 }),
    learningRate: 1,
    steps: 5,
    seed: 0,
    casts: 1,
    evaluations: 1,
    progress: ({ tokensPerSecond }) => void rates.push(tokensPerSecond),
  })
  expect(record).toMatchObject({ tokens: 80, timing: { trainingSeconds: 18, tokensPerSecond: 16 / 2 } })
  // Until there is a second step nothing is known.
  expect(rates).toEqual([0, 8, 8, 8, 8])
})

test('one that diverges is recorded with the steps, tokens and speed that it had', async () => {
  const plain = await linearRegression.workload(valuesOf(linearRegression, { dimension: 8 }))
  const { record } = await runOnce({
    workload: { ...plain, tokensPerStep: 16 },
    opened: await plain.open(() => undefined),
    method: ptq({ format: int4 }),
    learningRate: 1e37,
    steps: 100_000,
    seed: 0,
    casts: 1,
  })
  const failed = Number(/^step (\d+): /.exec(record.diverged!)![1])
  expect(failed).toBeLessThan(9)
  expect(record).toMatchObject({ steps: failed - 1, tokens: 16 * (failed - 1) })
})
