// Trains one method on one seed and measures it. Comes in: an open workload, a method. Goes out: a record,
// cast weights.
// Source: docs/design/04-bench.md.

import { leafOf, mapTree, type Tree } from '@lotion/core'
import { Diverged } from '@lotion/core/internal'
import { fit, fitPhases, type FitOptions, type OptimizerState, type StepEvent } from '@lotion/optim'
import type { ResultRecord, RunLine } from '../records.js'
import { isBeyondReach } from './beyond-reach.js'
import { breathing, evaluatesAt } from './between-steps.js'
import { judgeOf, type JudgedPoint } from './judge.js'
import { weightsObserver } from './observed-weights.js'
import { processorClock, runClock } from './run-clock.js'
import { runEvaluator } from './run-evaluator.js'
import type { BestWeights, RunOptions, RunResult } from './run-options.js'

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
    signal,
    from,
    saver,
  } = options
  const processor = processorClock(from?.processorSeconds)
  const problem = await opened.problem(seed)
  const methods = [method, ...(options.later ?? []).map(([each]) => each)]
  const judge = judgeOf({ ...options, methods, problem, format: method.format })
  const clock = runClock(steps, workload.tokensPerStep, from?.clock)
  const tokens = (step: number) =>
    workload.tokensPerStep === undefined ? {} : { tokens: step * workload.tokensPerStep }
  const records: RunLine[] = []
  const tell = async (record: RunLine): Promise<void> => {
    records.push(record)
    await options.record?.(record)
  }
  const evaluator = runEvaluator({
    moment: (step) => ({ method: label, seed, step, ...tokens(step) }),
    timing: () => clock.timing(),
    losses: async (at) => {
      const losses = await judge.losses(at)
      // One draw, the same each time: the curve is not moved by chance from one evaluation to the next.
      return casts > 0 ? { ...losses, randomized: await judge.meter.randomized(1, signal) } : losses
    },
    weights: weightsObserver({ workload, opened, params: judge.seen, format: method.format }),
    tell,
  })
  const evaluates = (options.evaluations ?? 0) > 0 || options.evaluateEvery !== undefined
  const window = { sum: 0, count: 0, ...from?.window }
  for (const record of from?.records ?? []) {
    evaluator.heard(record)
    await tell(record)
  }
  if (from) for (const [name, w] of Object.entries(problem.params)) w.set(leafOf(from.params, name, 'params'))
  else if (evaluates) await evaluator.evaluate(null)
  const start = from && {
    ...from.from,
    state: nearWeights(from.from.state, problem.params, options),
  }
  // An evaluation compares codes with those of one step before.
  const comesBefore = (step: number): boolean => step < steps && evaluatesAt(step + 1, options)
  const remember = (at?: JudgedPoint): void => {
    judge.see(at)
    evaluator.remember()
  }
  if (comesBefore(start?.step ?? 0)) remember(start)
  // Of a run that had ended no step is left that would look.
  if (start) judge.look(start)
  const breathe = breathing()
  let reached: StepEvent<Float32Array> | undefined
  // Whether all that belongs to the step that was reached is done.
  let whole = false
  const save = async (): Promise<void> => {
    // From steps left out in a row, and from weights that overflowed, no run goes on as if nothing had been.
    if (!saver || !reached?.updated || !Object.values(reached.params).every(isFiniteArray)) return
    const { params, step, skipped, state } = reached
    const [best, stopped] = [judge.best(), judge.stopped()]
    await saver.save({
      params,
      from: { step, skipped, state, callbacks: judge.states(), ...(stopped ? { stopped } : {}) },
      window: { ...window },
      clock: clock.state(),
      processorSeconds: processor(),
      records: [...records],
      ...(best ? { best } : {}),
    })
  }
  clock.start()
  const training = train({
    params: problem.params,
    shapes: workload.trained ?? workload.shapes,
    gradientStep: problem.gradientStep,
    batches: problem.batches,
    method,
    later: options.later ?? [],
    // Whether each of its patterns fits was seen for all parameters, not for those alone that are trained.
    quantize: workload.trained ? (parameter) => workload.quantize(parameter) : workload.quantize,
    optimizer: judge.optimizer(options.optimizer ?? workload.optimizer(workload.schedule(learningRate))),
    before: workload.before ?? [],
    steps,
    seed,
    executor: opened.executor,
    ...(opened.allocate ? { allocate: opened.allocate } : {}),
    ...(options.nonFinite ? { nonFinite: options.nonFinite } : {}),
    ...(signal ? { signal } : {}),
    ...(start ? { from: start } : {}),
    onStep: async (event) => {
      whole = false
      const { step, loss } = event
      window.sum += loss
      window.count++
      clock.stepped()
      reached = event
      if (options.progress) {
        const { tokensPerSecond } = clock.timing()
        const mean = window.sum / window.count
        options.progress({ step, loss: mean, ...(tokensPerSecond === undefined ? {} : { tokensPerSecond }) })
      }
      await breathe()
      let isLast: 'stop' | undefined
      if (evaluatesAt(step, options)) {
        clock.stop()
        await evaluator.evaluate(window.sum / window.count, event)
        Object.assign(window, { sum: 0, count: 0 })
        isLast = await judge.after(event)
        clock.start()
      }
      if (saver?.due(step)) {
        clock.stop()
        await save()
        clock.start()
      }
      if (comesBefore(step)) {
        clock.stop()
        remember(event)
        clock.start()
      }
      if (step === steps || isLast) judge.look(event)
      whole = true
      return isLast
    },
  })
  let lost: string | undefined
  try {
    await training
  } catch (error) {
    clock.stop()
    if (signal?.aborted && whole) await save()
    if (!(error instanceof RangeError) || signal?.aborted) throw error
    const isLost =
      error instanceof Diverged || (reached && isBeyondReach(workload, method.format, problem.params))
    if (!isLost) throw error
    lost = error.message
  }
  clock.stop()
  const stopped = judge.stopped()
  const before = lost === undefined ? undefined : judge.best()
  const taken = lost === undefined ? judge.take() : { weights: before?.weights ?? problem.params }
  const { fullPrecision, nearest } =
    lost !== undefined
      ? { fullPrecision: Infinity, nearest: Infinity }
      : (taken.best ?? evaluator.last() ?? (await judge.meter.losses()))
  // Of a run that diverged the steps that were taken: the one that failed changed no weights.
  const taught = stopped?.step ?? (lost === undefined ? steps : ((reached ?? start)?.step ?? 0))
  const record: ResultRecord = {
    type: 'result',
    method: label,
    seed,
    settings: method.settings,
    learningRate,
    steps: taught,
    ...tokens(taught),
    fullPrecision,
    nearest,
    randomized: lost !== undefined ? Infinity : casts > 0 ? await judge.meter.randomized(casts, signal) : NaN,
    casts,
    ...(taken.best ? { bestStep: taken.best.step } : {}),
    ...(options.ema === undefined ? {} : { averaged: options.ema }),
    ...(stopped ? { stopped } : {}),
    ...(lost === undefined ? {} : { diverged: lost, ...leftOf(before, saver?.job) }),
    timing: { ...clock.timing(), processorSeconds: processor() },
  }
  const left = { record, trained: taken.weights, ...(taken.last ? { last: taken.last } : {}) }
  if (!options.keep || lost !== undefined) {
    await tell(record)
    return left
  }
  signal?.throwIfAborted()
  const cast = judge.meter.nearest()
  const quantized = mapTree(cast, (w) => Float32Array.from(w))
  const text = await problem.sample?.(cast)
  if (text !== undefined) {
    const fullPrecision = await problem.sample!(taken.weights)
    await tell({ type: 'sample', method: label, seed, fullPrecision, nearest: text })
  }
  await tell(record)
  return { ...left, quantized, ...(text === undefined ? {} : { text }) }
}

/** One method, or several in phases. */
function train({
  later,
  method,
  ...rest
}: FitOptions<Float32Array> & Pick<Required<RunOptions>, 'later'>): Promise<OptimizerState<Float32Array>> {
  return later.length === 0 ? fit({ method, ...rest }) : fitPhases({ phases: [method, ...later], ...rest })
}

const isFiniteArray = (weights: Float32Array): boolean => weights.every(Number.isFinite)

/** What is left of a run that diverged; nothing to tell of one that keeps nothing. */
function leftOf(best: BestWeights | undefined, job: string | undefined): Pick<ResultRecord, 'left'> {
  if (!best && job === undefined) return {}
  return {
    left: {
      ...(best
        ? { best: { step: best.step, fullPrecision: best.fullPrecision, nearest: best.nearest } }
        : {}),
      ...(job === undefined ? {} : { job }),
    },
  }
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
