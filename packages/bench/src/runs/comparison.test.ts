import { amount } from '@lotion/test-kit'
import { expect, test } from 'vitest'
import type { ComparisonRecord, EvaluationRecord, RunLine } from '../records.js'
import { linearRegression } from '../tasks/linear-regression.js'
import { valuesOf } from '../tasks/task.js'
import { compareMethods, type Comparison } from './comparison.js'
import { planOf } from './comparison-plan.js'
import { jobPool } from './job-pool.js'
import { jobRunner, type RunJob } from './run-job.js'

// Workers take over the loaders of their parent: vitest's own is none that a process could have.
process.execArgv.push('--import', 'tsx', '--conditions=@lotion/source')

const comparison: Comparison = {
  task: { word: 'linear-regression', options: valuesOf(linearRegression, { dimension: 16 }) },
  methods: ['ptq', 'lotion'],
  format: 'int4',
  block: 'tensor',
  steps: 40,
  seeds: 3,
  firstSeed: 5,
  casts: 4,
  evaluations: 0,
  keep: false,
  fisher: 'exact',
  noise: 'randomized-rounding',
  scaleGradient: true,
  tune: false,
}

const job = (seed: number, learningRate = 1): RunJob => ({
  ...comparison,
  method: 'ptq',
  numbers: {},
  modules: [],
  learningRate,
  seed,
  nonFinite: 'refuse',
})

const runner = jobRunner(() => undefined)
const runJob = async (each: RunJob) => (await runner.run(each)).record

async function collect(
  options: Comparison,
  workers = 1,
): Promise<{
  readonly records: readonly ComparisonRecord[]
  readonly lines: readonly RunLine[]
  readonly runs: number
}> {
  const pool = jobPool({ workers })
  const records: ComparisonRecord[] = []
  const lines: RunLine[] = []
  let runs = 0
  const compared = compareMethods(options, pool, {
    done: () => runs++,
    record: async (line) => void lines.push(line),
  })
  for await (const { record } of compared) records.push(record)
  await pool.close()
  return { records, lines, runs }
}

test('a record holds what each seed gives by itself, and how to run it again', async () => {
  const { records, runs } = await collect(comparison)
  expect(runs).toBe((await planOf(comparison)).runs)
  expect(records.map(({ method }) => method)).toEqual(['ptq', 'lotion'])
  const alone = []
  for (const seed of [5, 6, 7]) alone.push(await runJob(job(seed)))
  expect(records[0]!.nearest.values).toEqual(alone.map(({ nearest }) => nearest))
  expect(records[1]!.config).toEqual({
    dimension: 16,
    spectrum: 1.1,
    hessian: 'rotated',
    batch: 'full',
    steps: 40,
    learningRate: 1,
    lambda: 1,
    optimizer: 'sgd of the task',
    fisher: 'exact',
    noise: 'randomized-rounding',
    scaleGradient: true,
    casts: 4,
    firstSeed: 5,
  })
})

test('the same comparison gives the same numbers and the same lines in the same order, in any number of processes', async () => {
  const evaluated = { ...comparison, evaluations: 2, keep: true }
  const [one, again, two] = [
    await collect(evaluated),
    await collect(evaluated),
    await collect(evaluated, amount(1, 2)),
  ]
  expect(again.records).toEqual(one.records)
  expect(two.records).toEqual(one.records)
  const timeless = ({ lines }: typeof one) => lines.map((line) => ({ ...line, timing: undefined }))
  expect(timeless(again)).toEqual(timeless(one))
  expect(timeless(two)).toEqual(timeless(one))
  // Each of two methods on each of three seeds: the start, the middle, the end, each with what the weights
  // did, and the result, which is the end's.
  const moments = ['evaluation 0', 'weights 0', 'evaluation 20', 'weights 20', 'evaluation 40', 'weights 40']
  expect(
    one.lines.map((line) => [
      line.method,
      line.seed,
      `${line.type} ${'step' in line ? line.step : ''}`.trim(),
    ]),
  ).toEqual(
    ['ptq', 'lotion'].flatMap((method) =>
      [5, 6, 7].flatMap((seed) => [...moments, 'result'].map((at) => [method, seed, at])),
    ),
  )
  expect(one.lines[6]).toMatchObject({ nearest: (one.lines[4] as EvaluationRecord).nearest })
  expect(one.records).toEqual((await collect(comparison)).records)
})

test('a tuned record tells the setting, how many were tried and on which seeds; all runs are counted', async () => {
  const tuned = { ...comparison, tune: true }
  const { records, runs } = await collect(tuned)
  expect(runs).toBe((await planOf(tuned)).runs)
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
  const again = []
  for (const seed of tuning.seeds) again.push(await runJob(job(seed, learningRate)))
  expect(again.reduce((sum, { nearest }) => sum + nearest, 0) / 5).toBe(tuning.nearest)
})

test('a run that diverges is a result with infinite losses, and says at which step', async () => {
  const [found] = await jobPool({ workers: 1 }).run([job(0, 1e30)])
  expect(found!.record).toMatchObject({
    method: 'ptq',
    seed: 0,
    nearest: Infinity,
    diverged: expect.stringMatching(/^step \d+: expected a finite loss/) as string,
  })
})

test('an aborted pool stops within a run, with the reason it was given', async () => {
  const stop = new AbortController()
  const long = { ...job(0), steps: 1e9 }
  setTimeout(() => stop.abort(new Error('enough')), 20)
  await expect(jobPool({ workers: 1, signal: stop.signal }).run([long])).rejects.toThrow('enough')
})
