import { expect, test, vi } from 'vitest'
import { perTensor } from '@lotion/core'
import { empirical, exact, gaussNewtonBartlett } from '@lotion/fisher'
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

test.each(['full', 8] as const)(
  'of batch %s drawn labels and probes have diag H for their mean',
  async (batch) => {
    const { params, gradientStep, batches } = await problemOf({ dimension: 4, batch }, 0)
    const wanted = ['sampledGradient', 'hessianProbe']
    const [draws, sums] = [1500, { drawn: [0, 0, 0, 0], probes: [0, 0, 0, 0] }]
    for (let step = 0; step < draws; step++) {
      const found = await gradientStep.run(params, batches(step), wanted, {
        seed: 5,
        stream: 'signals',
        step,
      })
      const of = (name: string) => found.signals![name]!['w'] as Float32Array
      of('sampledGradient').forEach((g, i) => (sums.drawn[i]! += (found.terms * g * g) / draws))
      of('hessianProbe').forEach((probe, i) => (sums.probes[i]! += probe / draws))
    }
    const { signals } = await gradientStep.run(params, batches(0))
    ;(signals!['curvature']!['w'] as Float32Array).forEach((h, i) => {
      // A square of a product of two normals spreads by √8 of its mean: five sigmas of 1500 are .37.
      expect(Math.abs(sums.drawn[i]! - h)).toBeLessThan(0.37 * h)
      // A probe spreads by the row's other entries and, of samples, those of x xᵀ: below 1 each.
      expect(Math.abs(sums.probes[i]! - h)).toBeLessThan(0.13)
    })
  },
)

test('squares of single samples are delivered where there are samples', async () => {
  const [one, full] = [await problemOf({ dimension: 4, batch: 1 }, 0), await problemOf({ dimension: 4 }, 0)]
  const { signals, gradients } = await one.gradientStep.run(one.params, one.batches(3), ['perExampleSquare'])
  // Of one sample the square is that of the gradient, rounded once more.
  ;(signals!['perExampleSquare']!['w'] as Float32Array).forEach((square, i) =>
    expect(Math.abs(square - gradients['w']![i]! ** 2)).toBeLessThan(2 ** -22 * square),
  )
  expect(full.gradientStep.delivers).not.toContain('perExampleSquare')
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
        /^lotion: lotion trains as without its penalty: .*Fisher empirical.*use the Fisher exact or gauss-newton-bartlett or hutchinson, smaller/,
      ),
    )
  } finally {
    warn.mockRestore()
  }
})

test('with drawn labels LOTION on full batches is not PTQ: its nearest cast loses less than half', async () => {
  const format = withBlock(int4, perTensor)
  const loss = async (method: RunOptions['method']): Promise<number> =>
    (await losses({ dimension: 64 }, { method, seed: 0, casts: 1 })).nearest
  const drawn = lotion({ format, fisher: gaussNewtonBartlett(), lambda: linear(0, 1) })
  expect(await loss(drawn)).toBeLessThan(0.5 * (await loss(ptq({ format }))))
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
