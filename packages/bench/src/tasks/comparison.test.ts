import { expect, test } from 'vitest'
import { compareMethods, runsOf, type Comparison, type ComparisonRecord } from './comparison.js'
import { jobPool } from './job-pool.js'
import { runJob, type RunJob } from './run-job.js'
import { linearRegressionDefaults } from './linear-regression.js'

const comparison: Comparison = {
  task: { name: 'linear-regression', options: { ...linearRegressionDefaults, dimension: 16, steps: 40 } },
  methods: ['ptq', 'lotion'],
  format: 'int4',
  block: 'tensor',
  seeds: 3,
  firstSeed: 5,
  casts: 4,
  fisher: 'exact',
  scaleGradient: true,
  lambdas: {},
  tune: false,
}

const job = (seed: number, learningRate = 1): RunJob => ({
  task: comparison.task,
  method: { name: 'ptq', fisher: 'exact', scaleGradient: true },
  format: 'int4',
  block: 'tensor',
  learningRate,
  seed,
  casts: 4,
  nonFinite: 'refuse',
})

async function collect(options: Comparison): Promise<{ records: readonly ComparisonRecord[]; runs: number }> {
  const pool = jobPool({ workers: 1 })
  const records: ComparisonRecord[] = []
  let runs = 0
  for await (const record of compareMethods(options, pool, () => runs++)) records.push(record)
  return { records, runs }
}

test('a record holds what each seed gives by itself, and how to run it again', async () => {
  const { records, runs } = await collect(comparison)
  expect(runs).toBe(runsOf(comparison))
  expect(records.map(({ method }) => method)).toEqual(['ptq', 'lotion'])
  const alone = await Promise.all([5, 6, 7].map((seed) => runJob(job(seed))))
  expect(records[0]!.nearest.values).toEqual(alone.map(({ nearest }) => nearest))
  expect(records[1]!.config).toEqual({
    dimension: 16,
    spectrum: 1.1,
    hessian: 'rotated',
    batch: 'full',
    steps: 40,
    learningRate: 1,
    lambda: 1,
    fisher: 'exact',
    scaleGradient: true,
    casts: 4,
    firstSeed: 5,
  })
})

test('the same comparison twice gives the same numbers', async () => {
  expect((await collect(comparison)).records).toEqual((await collect(comparison)).records)
})

test('a tuned record tells the setting, how many were tried and on which seeds; all runs are counted', async () => {
  const tuned = { ...comparison, tune: true }
  const { records, runs } = await collect(tuned)
  expect(runs).toBe(runsOf(tuned))
  expect(runs).toBe(3 * 5 + 3 + (12 * 5 + 3))
  expect(records[0]!.config['tuning']).toMatchObject({
    settings: 3,
    seeds: [1000005, 1000006, 1000007, 1000008, 1000009],
  })
  // The chosen setting, run again, gives the loss that won.
  const { learningRate, tuning } = records[0]!.config as {
    learningRate: number
    tuning: { seeds: number[]; nearest: number }
  }
  const again = await Promise.all(tuning.seeds.map((seed) => runJob(job(seed, learningRate))))
  expect(again.reduce((sum, { nearest }) => sum + nearest, 0) / 5).toBe(tuning.nearest)
})

test('a run that diverges names method, seed and step', async () => {
  await expect(jobPool({ workers: 1 }).run([job(0, 1e30)])).rejects.toThrow(
    /^ptq, seed 0: step \d+: expected a finite loss/,
  )
})

test('an aborted pool stops within a run, with the reason it was given', async () => {
  const stop = new AbortController()
  const long = {
    ...job(0),
    task: { name: 'linear-regression', options: { ...linearRegressionDefaults, steps: 1e9 } },
  } as const
  setTimeout(() => stop.abort(new Error('enough')), 20)
  await expect(jobPool({ workers: 1, signal: stop.signal }).run([long])).rejects.toThrow('enough')
})
