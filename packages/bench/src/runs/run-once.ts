// Trains one method on one seed and measures it. Comes in: an open workload, a method. Goes out: a record,
// cast weights.
// Source: docs/design/04-bench.md.

import { leafOf, mapTree, type Tree } from '@lotion/core'
import { Diverged } from '@lotion/core/internal'
import { fit, type OptimizerState, type StepEvent } from '@lotion/optim'
import type { EvaluationRecord, ResultRecord } from '../records.js'
import { breathing, evaluatesAt } from './between-steps.js'
import { castMeter } from './cast-losses.js'
import { runClock } from './run-clock.js'
import type { RunOptions, RunResult } from './run-options.js'

/**
 * Train one method on one seed and measure it.
 * @throws as `fit`.
 */
export async function runOnce(options: RunOptions): Promise<RunResult> {
  const {
    workload,
    opened,
    method,
    label = method.name,
    learningRate,
    steps,
    seed,
    casts,
    evaluations = 0,
    signal,
    from,
    saver,
  } = options
  const problem = await opened.problem(seed)
  const meter = castMeter({ workload, opened, problem, format: method.format, seed })
  const clock = runClock(steps, workload.tokensPerStep, from?.clock)
  const tokens = (step: number) =>
    workload.tokensPerStep === undefined ? {} : { tokens: step * workload.tokensPerStep }
  const records: (EvaluationRecord | ResultRecord)[] = []
  const tell = async (record: EvaluationRecord | ResultRecord): Promise<void> => {
    records.push(record)
    await options.record?.(record)
  }
  let last: EvaluationRecord | undefined
  const evaluateAt = async (step: number, training: number | null): Promise<void> => {
    const timing = clock.timing(step)
    last = {
      type: 'evaluation',
      method: label,
      seed,
      step,
      ...tokens(step),
      training,
      ...(await meter.losses()),
      timing,
    }
    await tell(last)
  }
  const window = { sum: 0, count: 0, ...from?.window }
  for (const record of from?.records ?? []) {
    if (record.type === 'evaluation') last = record
    await tell(record)
  }
  if (from) for (const [name, w] of Object.entries(problem.params)) w.set(leafOf(from.params, name, 'params'))
  else if (evaluations > 0) await evaluateAt(0, null)
  const breathe = breathing()
  let reached: StepEvent<Float32Array> | undefined
  // Whether all that belongs to the step that was reached is done.
  let whole = false
  const save = async (): Promise<void> => {
    if (!saver || !reached) return
    const { params, step, skipped, state } = reached
    await saver.save({
      params,
      from: { step, skipped, state },
      window: { ...window },
      clock: clock.state(),
      records: [...records],
    })
  }
  clock.start()
  const training = fit({
    params: problem.params,
    shapes: workload.shapes,
    gradientStep: problem.gradientStep,
    batches: problem.batches,
    method,
    quantize: workload.quantize,
    optimizer: options.optimizer ?? workload.optimizer(workload.schedule(learningRate)),
    before: workload.before ?? [],
    steps,
    seed,
    executor: opened.executor,
    ...(opened.allocate ? { allocate: opened.allocate } : {}),
    ...(options.nonFinite ? { nonFinite: options.nonFinite } : {}),
    ...(signal ? { signal } : {}),
    ...(from ? { from: { ...from.from, state: nearWeights(from.from.state, problem.params, options) } } : {}),
    onStep: async (event) => {
      whole = false
      const { step, loss } = event
      window.sum += loss
      window.count++
      clock.stepped()
      reached = event
      if (options.progress) {
        const { tokensPerSecond } = clock.timing(step)
        const mean = window.sum / window.count
        options.progress({ step, loss: mean, ...(tokensPerSecond === undefined ? {} : { tokensPerSecond }) })
      }
      await breathe()
      if (evaluatesAt(step, steps, evaluations)) {
        clock.stop()
        await evaluateAt(step, window.sum / window.count)
        Object.assign(window, { sum: 0, count: 0 })
        clock.start()
      }
      if (saver?.due(step)) {
        clock.stop()
        await save()
        clock.start()
      }
      whole = true
    },
  })
  let lost: string | undefined
  try {
    await training
  } catch (error) {
    clock.stop()
    if (signal?.aborted && whole) await save()
    if (!(error instanceof Diverged) || signal?.aborted) throw error
    lost = error.message
  }
  clock.stop()
  const { fullPrecision, nearest } =
    lost !== undefined ? { fullPrecision: Infinity, nearest: Infinity } : (last ?? (await meter.losses()))
  const record: ResultRecord = {
    type: 'result',
    method: label,
    seed,
    settings: method.settings,
    learningRate,
    steps,
    ...tokens(steps),
    fullPrecision,
    nearest,
    randomized: lost !== undefined ? Infinity : casts > 0 ? await meter.randomized(casts, signal) : NaN,
    casts,
    ...(lost === undefined ? {} : { diverged: lost }),
    timing: clock.timing(steps),
  }
  await tell(record)
  const trained = problem.params
  if (!options.keep || lost !== undefined) return { record, trained }
  signal?.throwIfAborted()
  const cast = meter.nearest()
  const quantized = mapTree(cast, (w) => Float32Array.from(w))
  return { record, trained, quantized, ...(problem.sample ? { text: await problem.sample(cast) } : {}) }
}

/** Slots as the executor lays them beside their weights. */
function nearWeights(
  state: OptimizerState<Float32Array>,
  params: Tree<Float32Array>,
  { opened: { executor }, workload: { shapes } }: Pick<RunOptions, 'opened' | 'workload'>,
): OptimizerState<Float32Array> {
  return mapTree(state, (slots, name) =>
    mapTree(slots, (slot) => executor.upload(slot, leafOf(shapes, name, 'shapes'), params[name])),
  )
}
