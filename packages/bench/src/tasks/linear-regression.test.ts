import { expect, test, vi } from 'vitest'
import { perTensor } from '@lotion/core'
import { empirical, exact } from '@lotion/fisher'
import { int4, withBlock } from '@lotion/formats'
import { linear, lotion, ptq, qat } from '@lotion/optim'
import { runOnce } from '../runs/run-once.js'
import type { RunOptions } from '../runs/run-options.js'
import { summarizeLosses } from '../runs/summary.js'
import { linearRegression } from './linear-regression.js'
import { valuesOf, type OpenWorkload, type Workload } from './task.js'

type Values = Partial<Parameters<typeof linearRegression.workload>[0]>

async function opened(values: Values): Promise<{ workload: Workload; opened: OpenWorkload }> {
  const workload = await linearRegression.workload(valuesOf(linearRegression, values))
  return { workload, opened: await workload.open(() => undefined) }
}

const problemOf = async (values: Values, seed: number) => (await opened(values)).opened.problem(seed)

/** The losses of a method in small. */
async function losses(values: Values, options: Pick<RunOptions, 'method' | 'seed'> & Partial<RunOptions>) {
  return (await runOnce({ ...(await opened(values)), learningRate: 1, steps: 1500, casts: 8, ...options }))
    .record
}

test('a sampled gradient averages B terms and tends to the exact one', async () => {
  const full = await problemOf({ dimension: 4 }, 0)
  const batch = 4096
  const sampled = await problemOf({ dimension: 4, labelNoise: 0.1, batch }, 0)
  const expected = await full.gradientStep.run(full.params, full.batches(0))
  const found = await sampled.gradientStep.run(sampled.params, sampled.batches(0))
  expect([expected.terms, found.terms]).toEqual([1, batch])
  expect(found.signals).toEqual(expected.signals)
  // Each term's slope has a standard deviation of a few units (the largest eigenvalue is 1): 4 / √4096 with
  // four sigmas.
  found.gradients['w']!.forEach((g, i) =>
    expect(Math.abs(g - expected.gradients['w']![i]!)).toBeLessThan(0.25),
  )
  // The loss includes half the noise's variance. Half a squared normal of mean L spreads by L √2: four sigmas
  // of the mean. The loss includes half the noise's variance.
  expect(Math.abs(found.loss - expected.loss - 0.005)).toBeLessThan(
    (4 * Math.SQRT2 * found.loss) / Math.sqrt(batch),
  )
})

test('batches are drawn anew each step and alike for the same step', async () => {
  const problem = await problemOf({ dimension: 4, batch: 2 }, 1)
  const slope = async (step: number) =>
    (await problem.gradientStep.run(problem.params, problem.batches(step))).gradients['w']
  expect(await slope(0)).toEqual(await slope(0))
  expect(await slope(0)).not.toEqual(await slope(1))
})

test('the fixed setting in small: LOTION ahead of QAT ahead of PTQ after the nearest cast, far ahead on randomized rounding', async () => {
  const format = withBlock(int4, perTensor)
  const methods = [
    ptq({ format }),
    qat({ format }),
    lotion({ format, fisher: exact(), lambda: linear(0, 1) }),
  ]
  const [first, second, third] = await Promise.all(
    methods.map(async (method) => {
      const run = (seed: number) => losses({ dimension: 64 }, { method, seed })
      return summarizeLosses(await Promise.all([0, 1, 2, 3].map(run)))
    }),
  )
  expect(third!.nearest.mean).toBeLessThan(second!.nearest.mean)
  expect(second!.nearest.mean).toBeLessThan(first!.nearest.mean)
  expect(third!.randomized.mean).toBeLessThan(0.5 * Math.min(first!.randomized.mean, second!.randomized.mean))
})

test('the empirical Fisher on full batches is told to be without effect; on samples it has one', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const run = async (batch: number | undefined): Promise<void> => {
    const method = lotion({
      // With a name of its own: a warning is told once a process, and tests share theirs.
      format: { ...withBlock(int4, perTensor), name: 'int4, told here' },
      fisher: empirical(),
      lambda: linear(0, 1),
    })
    await losses({ dimension: 64, ...(batch ? { batch } : {}) }, { method, seed: 0, casts: 1 })
  }
  try {
    await run(32)
    expect(warn).not.toHaveBeenCalled()
    await run(undefined)
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      expect.stringMatching(
        /^lotion: lotion trains as without its penalty: .*Fisher empirical.*use exact\(\)/,
      ),
    )
  } finally {
    warn.mockRestore()
  }
})

test('a run that diverges has infinite losses and says where, steps skipped or not', async () => {
  // Steps of 9 on single samples lengthen the error many times over: far beyond single precision within 300
  // of them.
  const values = { dimension: 16, hessian: 'diagonal', batch: 1 } as const
  const method = ptq({ format: withBlock(int4, perTensor) })
  const options = { method, learningRate: 9, steps: 300, seed: 0, casts: 2 }
  expect(await losses(values, { ...options, nonFinite: 'skip' })).toMatchObject({
    fullPrecision: Infinity,
    nearest: Infinity,
    randomized: Infinity,
  })
  expect(await losses(values, options)).toMatchObject({
    nearest: Infinity,
    diverged: expect.stringMatching(/expected a finite loss and gradient|expected finite weights/) as string,
  })
})
