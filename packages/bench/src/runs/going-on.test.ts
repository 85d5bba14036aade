// A run that is stopped or killed at any step and goes on is the run that was never disturbed: its records
// but for times, its weights and its best weights, byte for byte.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSafetensors, toFloat32 } from '@lotion/checkpoints'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ResultRecord, RunLine } from '../records.js'
import { linearRegression } from '../tasks/linear-regression.js'
import { text } from '../tasks/text.js'
import { twoLayer as layers } from '../tasks/two-layer.js'
import { valuesOf } from '../tasks/task.js'
import { jobStore } from './job-store.js'
import { jobRunner, type RunJob } from './run-job.js'

let folder = ''
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'lotion-going-on-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

const job = (own: Partial<RunJob>): RunJob => ({
  task: {
    word: 'linear-regression',
    options: valuesOf(linearRegression, { dimension: 8, batch: 4, labelNoise: 1 }),
  },
  format: 'int4',
  block: 'tensor',
  fisher: 'empirical',
  noise: 'randomized-rounding',
  scaleGradient: true,
  steps: 60,
  casts: 2,
  evaluations: 10,
  keep: true,
  method: 'lotion',
  numbers: { lambda: 1 },
  modules: [],
  learningRate: 0.3,
  seed: 3,
  nonFinite: 'refuse',
  ...own,
})

/** A language model whose batches are taken in parts; the bundled speeches are its text. */
const inParts: Partial<RunJob> = {
  task: {
    word: 'text',
    options: valuesOf(text, {
      model: 'nano',
      batch: 2,
      accumulate: 2,
      context: 8,
      threads: 1,
      evalTokens: 64,
    }),
  },
  steps: 10,
  learningRate: 1e-3,
  evaluateEvery: 5,
  casts: 1,
  format: 'q4_0',
  block: '32',
}

const twoLayer: Partial<RunJob> = {
  task: { word: 'two-layer', options: valuesOf(layers, { dimension: 6, width: 4 }) },
  fisher: 'exact',
}

type Line = RunLine

/** Run a job in a folder of its own; stopped at a step, and killed so that its last place is lost. */
async function runIn(
  name: string,
  own: Partial<RunJob>,
  stop?: { readonly step: number; readonly lose: boolean },
): Promise<readonly unknown[]> {
  const store = { folder: join(folder, name), steps: 7, last: 2 }
  const lines: Line[] = []
  const once = async (until?: number): Promise<void> => {
    const runner = jobRunner(() => undefined)
    const controller = new AbortController()
    lines.length = 0
    try {
      await runner.run(job(own), {
        store,
        signal: controller.signal,
        observer: {
          record: (record) => void lines.push(record),
          progress: ({ step }) => step === until && controller.abort(new Error('stopped')),
        },
      })
    } finally {
      await runner.close()
    }
  }
  if (stop) {
    await expect(once(stop.step)).rejects.toThrow('stopped')
    if (stop.lose) {
      const [places] = await readdir(join(store.folder, 'checkpoints'))
      const all = (await readdir(join(store.folder, 'checkpoints', places!))).sort()
      await rm(join(store.folder, 'checkpoints', places!, all.at(-1)!))
    }
  }
  await once()
  return lines.map((line) => ({ ...line, timing: undefined }))
}

const weightsOf = async (name: string): Promise<Readonly<Record<string, string>>> => {
  const files = (await readdir(join(folder, name, 'weights'))).sort()
  const read = async (file: string): Promise<string> =>
    (await readFile(join(folder, name, 'weights', file))).toString('base64')
  return Object.fromEntries(await Promise.all(files.map(async (file) => [file, await read(file)] as const)))
}

test.each<Partial<RunJob>>([
  { evaluateEvery: 9 },
  { keepBest: true, evaluateEvery: 4 },
  { keepBest: true, patience: 4, minDelta: 0.001, evaluateEvery: 3 },
  { ema: 0.9 },
  // Stopped right where the second phase begins, and after it.
  { method: 'lotion+qat@0.35', ema: 0.5, keepBest: true, evaluateEvery: 7 },
  { formats: [{ pattern: 'w', format: 'int8' }], ema: 0.5, keepBest: true },
  { ...twoLayer, freeze: ['a'], ema: 0.5, keepBest: true },
  { ...twoLayer, trainOnly: ['W'], formats: [{ pattern: 'a', format: 'f32' }] },
  { ema: 0.9, keepBest: true, patience: 3, evaluateEvery: 5 },
])('goes on with the same bits: %o', async (own) => {
  const whole = await runIn('whole', own)
  const weights = await weightsOf('whole')
  const { length } = whole
  expect(length).toBeGreaterThan(2)
  // Before and after an evaluation, on a place and off it, early and at the end of what is run.
  const { steps } = whole.at(-1) as ResultRecord
  const stops = [
    { step: 1, lose: false },
    { step: steps - 1, lose: false },
    { step: Math.min(21, steps - 1), lose: false },
    { step: Math.min(22, steps - 1), lose: steps > 8 },
  ]
  for (const [n, { step, lose }] of stops.entries()) {
    const name = `stopped-${n}`
    expect(await runIn(name, own, { step, lose })).toEqual(whole)
    expect(await weightsOf(name)).toEqual(weights)
  }
})

test('goes on with the same bits where batches are taken in parts', async () => {
  const whole = await runIn('whole', inParts)
  const weights = await weightsOf('whole')
  expect(await runIn('stopped', inParts, { step: 8, lose: true })).toEqual(whole)
  expect(await weightsOf('stopped')).toEqual(weights)
})

test('goes on with the same bits where losses are not finite, as in trials of settings that are too large', async () => {
  // Steps are left out one after the other, until there are too many.
  const own = { nonFinite: 'skip', learningRate: 60, steps: 400, casts: 0, evaluations: 0 } as const
  const losses: number[] = []
  const runner = jobRunner(() => undefined)
  await runner.run(job(own), { observer: { progress: ({ loss }) => void losses.push(loss) } })
  await runner.close()
  const lost = losses.findIndex((loss) => !Number.isFinite(loss))
  expect(lost).toBeGreaterThan(0)
  const whole = await runIn('whole', own)
  for (const [n, step] of [lost, lost + 1, lost + 9].entries())
    expect(await runIn(`stopped-${n}`, own, { step, lose: false })).toEqual(whole)
  expect(whole.at(-1)).toMatchObject({ nearest: Infinity, randomized: Infinity })
})

test('goes on with the same bits where the best weights were measured beside ones that are not finite', async () => {
  const best = {
    step: 4,
    fullPrecision: Infinity,
    nearest: 2,
    weights: { w: Float32Array.of(1) },
  }
  const store = jobStore({ folder: join(folder, 'best'), last: 1 })
  const snapshot = {
    params: { w: Float32Array.of(3) },
    from: { step: 7, skipped: 0, state: { w: { m: Float32Array.of(5) } } },
    window: { sum: -0, count: 3 },
    clock: { total: 1, steps: [] },
    records: [],
    best,
  }
  await store.save(job({}), snapshot, { w: [1] })
  const found = (await store.latest(job({})))!
  expect(found.best).toEqual(best)
  expect(Object.is(found.window.sum, -0)).toBe(true)
})

test('the best weights are those of the evaluation with the lowest loss after the cast; the last stay beside them', async () => {
  const own = { keepBest: true, evaluateEvery: 4, learningRate: 1.2 }
  const lines = (await runIn('best', own)) as readonly Line[]
  const evaluations = lines.filter((line) => line.type === 'evaluation')
  const result = lines.at(-1) as ResultRecord
  const lowest = Math.min(...evaluations.map(({ nearest }) => nearest))
  const best = evaluations.find(({ nearest }) => nearest === lowest)!
  expect(best.step).toBeLessThan(60)
  expect(result).toMatchObject({ nearest: lowest, fullPrecision: best.fullPrecision, bestStep: best.step })
  const files = Object.keys(await weightsOf('best'))
  expect(files.map((file) => file.replace(/^.*?\./, ''))).toEqual([
    'cast.safetensors',
    'last.safetensors',
    'safetensors',
  ])
  const at = (file: string) => readSafetensors(join(folder, 'best', 'weights', file))
  const [cast, last, taken] = await Promise.all(files.map(at))
  expect(cast!.metadata['taken']).toBe(`weights after step ${best.step}, the best evaluated`)
  expect(last!.metadata['taken']).toBe('weights after step 60, the last')
  // The same run without the option ends with the weights that are called last here.
  await runIn('plain', { evaluateEvery: 4, learningRate: 1.2 })
  const [, plain] = await Promise.all(
    Object.keys(await weightsOf('plain')).map((file) =>
      readSafetensors(join(folder, 'plain', 'weights', file)),
    ),
  )
  expect(toFloat32(last!.tensors['w']!)).toEqual(toFloat32(plain!.tensors['w']!))
  expect(toFloat32(taken!.tensors['w']!)).not.toEqual(toFloat32(last!.tensors['w']!))
})

test('a run ends after so many evaluations that are no better, and says so', async () => {
  const lines = (await runIn('ended', {
    patience: 2,
    keepBest: true,
    evaluateEvery: 3,
    learningRate: 1.2,
  })) as readonly Line[]
  const result = lines.at(-1) as ResultRecord
  const evaluations = lines.filter((line) => line.type === 'evaluation')
  expect(result.steps).toBeLessThan(60)
  expect(result.steps).toBe(result.bestStep! + 2 * 3)
  expect(evaluations.at(-1)!.step).toBe(result.steps)
  expect(result.stopped).toMatchObject({ step: result.steps, by: 'early stopping' })
})

test('averages are a weighted mean of the weights: nearly the last ones where old ones count little', async () => {
  const last = (await runIn('one', {})) as readonly Line[]
  const averaged = (await runIn('two', { ema: 1e-7 })) as readonly Line[]
  const slow = (await runIn('three', { ema: 0.999 })) as readonly Line[]
  const loss = (lines: readonly Line[]): number => (lines.at(-1) as ResultRecord).fullPrecision
  expect(Math.abs(loss(averaged) / loss(last) - 1)).toBeLessThan(1e-5)
  expect(averaged.at(-1)).toMatchObject({ averaged: 1e-7 })
  const start = slow.find((line) => line.type === 'evaluation')!
  // An average over far more steps than the run has is still near its start.
  expect(Math.abs(loss(slow) - start.fullPrecision)).toBeLessThan(
    0.2 * Math.abs(loss(last) - start.fullPrecision),
  )
})
