// What is judged: losses that are not finite, and those of randomized casts.

import { mapTree } from '@lotion/core'
import { int4 } from '@lotion/formats'
import { lsq, ptq } from '@lotion/optim'
import { expect, test } from 'vitest'
import { linearRegression } from '../tasks/linear-regression.js'
import { valuesOf } from '../tasks/task.js'
import type { RunLine } from '../records.js'
import { judgeOf } from './judge.js'
import { runOnce } from './run-once.js'

/** A judge of a problem whose losses are given, two a look: in full precision and after the cast. */
async function judgeOfLosses(losses: readonly number[]) {
  const workload = await linearRegression.workload(valuesOf(linearRegression, { dimension: 8 }))
  const opened = await workload.open(() => undefined)
  const problem = await opened.problem(0)
  const left = [...losses]
  return judgeOf({
    methods: [ptq({ format: int4 })],
    workload,
    opened,
    problem: { params: problem.params, loss: () => left.shift()! },
    format: int4,
    seed: 0,
    keepBest: true,
  })
}

const at = (step: number) => ({ step, skipped: 0, state: {} })

test.each([
  ['NaN before the first step', [1, NaN, 1, 3, 1, 2], 2, 2],
  ['an infinite one', [1, Infinity, 1, 3, 1, NaN], 1, 3],
  ['one of full precision alone', [NaN, 4, NaN, 3, 1, 5], 1, 3],
])('%s is not the best', async (_, losses, step, nearest) => {
  const judge = await judgeOfLosses(losses)
  const told = [await judge.losses(), await judge.losses(at(1)), await judge.losses(at(2))]
  expect(judge.best()).toMatchObject({ step, nearest })
  // Not a number is told as infinite, which is what JSON's null is read as.
  const flat = told.flatMap(({ fullPrecision, nearest: own }) => [fullPrecision, own])
  expect(flat).toEqual(losses.map((loss) => (Number.isFinite(loss) ? loss : Infinity)))
})

test('an evaluation has the loss of one randomized cast, the same draws each time, by seed', async () => {
  const workload = await linearRegression.workload(valuesOf(linearRegression, { dimension: 8 }))
  const run = async (seed: number, casts: number) => {
    const records: RunLine[] = []
    const opened = await workload.open(() => undefined)
    // Weights that do not move: a learning rate of almost nothing.
    const { record } = await runOnce({
      workload,
      opened,
      method: ptq({ format: int4 }),
      learningRate: 1e-30,
      steps: 4,
      seed,
      casts,
      evaluations: 2,
      record: (line) => void records.push(line),
    })
    await opened.close()
    const evaluations = records.flatMap((line) => (line.type === 'evaluation' ? [line.randomized] : []))
    return { evaluations, result: record.randomized }
  }
  const one = await run(0, 1)
  // Of one cast the result is the mean over the same draw.
  expect(one.evaluations).toEqual([one.result, one.result, one.result])
  expect(await run(0, 1)).toEqual(one)
  const many = await run(0, 16)
  expect(many.evaluations).toEqual(one.evaluations)
  expect(many.result).not.toBe(one.result)
  expect((await run(1, 1)).evaluations).not.toEqual(one.evaluations)
  expect((await run(0, 0)).evaluations).toEqual([undefined, undefined, undefined])
})

test('where no loss is finite the last weights are taken', async () => {
  const judge = await judgeOfLosses([NaN, NaN, Infinity, NaN])
  await judge.losses()
  await judge.losses(at(1))
  expect(judge.best()).toBeUndefined()
  const { weights, best } = judge.take()
  expect(best).toBeUndefined()
  expect(mapTree(weights, (w) => w.length)).toEqual({ w: 8 })
})

test.each([1, 0])(
  'averages of weights that trained values settle are kept as they were judged, %s evaluations',
  async (evaluations) => {
    const workload = await linearRegression.workload(valuesOf(linearRegression, { dimension: 8 }))
    const opened = await workload.open(() => undefined)
    const run = { workload, opened, learningRate: 0.5, steps: 24, seed: 0, casts: 0, evaluations }
    const { record, trained } = await runOnce({ ...run, method: lsq({ format: int4 }), ema: 0.9 })
    const { loss } = await opened.problem(0)
    expect(record.fullPrecision).toBe(await loss(trained))
    // Once more without evaluations: the weights do not depend on who looked.
    const other = await runOnce({ ...run, evaluations: 3, method: lsq({ format: int4 }), ema: 0.9 })
    expect(other.trained).toEqual(trained)
    await opened.close()
  },
)
