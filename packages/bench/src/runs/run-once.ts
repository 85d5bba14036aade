// Trains one method on one seed and measures it. Comes in: an open workload, a method. Goes out: a record,
// cast weights.
// Source: docs/design/04-bench.md.

import type { Transformation, Tree } from '@lotion/core'
import { fit, type Method } from '@lotion/optim'
import type { EvaluationRecord, ResultRecord } from '../records.js'
import type { OpenWorkload, Workload } from '../tasks/task.js'
import { castMeter } from './cast-losses.js'
import { runClock } from './run-clock.js'

/** Progress within a run. */
export interface RunProgress {
  /** Steps taken so far, from 1. */
  readonly step: number
  /** Mean training loss since the last evaluation. */
  readonly loss: number
  /** Of training so far; absent where steps are not counted in tokens. */
  readonly tokensPerSecond?: number
}

/** Follows a run. */
export interface RunObserver {
  /**
   * Called after every step.
   * @param progress Where the run stands.
   */
  progress?(progress: RunProgress): void
  /**
   * Called with every record, in their order; awaited.
   * @param record An evaluation, at last the result.
   */
  record?(record: EvaluationRecord | ResultRecord): void | Promise<void>
}

/** What one run takes. */
export interface RunOptions extends RunObserver {
  /** The task with its options chosen. */
  readonly workload: Workload
  /** The same workload, opened; it serves this run alone until it ends. */
  readonly opened: OpenWorkload
  /** What it trains for, with its format. */
  readonly method: Method
  /** What records call the method. Default: its name. */
  readonly label?: string
  /** Default: the workload's at `learningRate`. */
  readonly optimizer?: Transformation
  /** Peak of the schedule. */
  readonly learningRate: number
  /** Training steps; the schedules end with the last. */
  readonly steps: number
  /** Of everything random in the run: the problem, its batches, noise and casts. */
  readonly seed: number
  /** Randomized casts averaged in `randomized`; none, as when tuning, leaves it not a number. */
  readonly casts: number
  /** Evaluations spread over the run, the last step's included, and one before it. Default: none. */
  readonly evaluations?: number
  /** Also return the weights cast to nearest, and what they make. */
  readonly keep?: boolean
  /**
   * On a gradient that is not finite: stop with an error (default), or leave the step out; a run that
   * diverges then has infinite losses.
   */
  readonly nonFinite?: 'refuse' | 'skip'
  /** Stops the run with the signal's reason. Default: nothing does. */
  readonly signal?: AbortSignal
}

/** What a run leaves; `quantized` and `text` where they were to be kept. */
export interface RunResult {
  /** The losses at the end. */
  readonly record: ResultRecord
  /** Weights cast to nearest, by parameter; in full precision those that are not quantized. */
  readonly quantized?: Tree<Float32Array>
  /** What the cast weights make, where the task has something to read. */
  readonly text?: string
}

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
  } = options
  const problem = await opened.problem(seed)
  const meter = castMeter({ workload, opened, problem, format: method.format, seed })
  const clock = runClock(steps, workload.tokensPerStep)
  const tokens = (step: number) =>
    workload.tokensPerStep === undefined ? {} : { tokens: step * workload.tokensPerStep }
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
    await options.record?.(last)
  }
  if (evaluations > 0) await evaluateAt(0, null)
  const window = { sum: 0, count: 0 }
  const breathe = breathing()
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
    onStep: async ({ step, loss }) => {
      window.sum += loss
      window.count++
      clock.stepped(step)
      if (options.progress) {
        const { tokensPerSecond } = clock.timing(step)
        const mean = window.sum / window.count
        options.progress({ step, loss: mean, ...(tokensPerSecond === undefined ? {} : { tokensPerSecond }) })
      }
      await breathe()
      if (!evaluatesAt(step, steps, evaluations)) return
      clock.stop()
      await evaluateAt(step, window.sum / window.count)
      Object.assign(window, { sum: 0, count: 0 })
      clock.start()
    },
  })
  let lost = false
  try {
    await training
  } catch (error) {
    if (options.nonFinite !== 'skip' || signal?.aborted || !diverged(problem.params)) throw error
    lost = true
  }
  clock.stop()
  const { fullPrecision, nearest } = lost
    ? { fullPrecision: Infinity, nearest: Infinity }
    : (last ?? (await meter.losses()))
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
    randomized: lost ? Infinity : casts > 0 ? await meter.randomized(casts, signal) : NaN,
    casts,
    timing: clock.timing(steps),
  }
  await options.record?.(record)
  if (!options.keep) return { record }
  signal?.throwIfAborted()
  const cast = meter.nearest()
  const quantized = Object.fromEntries(Object.entries(cast).map(([name, w]) => [name, Float32Array.from(w)]))
  return { record, quantized, ...(problem.sample ? { text: await problem.sample(cast) } : {}) }
}

/** Evaluations are spread evenly; the last step is always one, if there are any. */
function evaluatesAt(step: number, steps: number, evaluations: number): boolean {
  return Math.floor((step * evaluations) / steps) > Math.floor(((step - 1) * evaluations) / steps)
}

/**
 * Tell whether weights are what `fit` refuses at a run's end: not finite, or too large to be squared in
 * single precision.
 */
function diverged(params: Tree<Float32Array>): boolean {
  const squares = Object.values(params).map((array) => array.reduce((sum, w) => sum + w * w, 0))
  return !(squares.reduce((sum, square) => sum + square, 0) < 3.4e38)
}

/**
 * Let the event loop turn about twenty times a second: steps of small tasks never wait for anything, so
 * without it no signal, timer or progress line would come through before a run's end.
 */
function breathing(): () => void | Promise<void> {
  let last = performance.now()
  return () => {
    if (performance.now() - last < 50) return undefined
    return new Promise((resolve) =>
      setImmediate(() => {
        last = performance.now()
        resolve()
      }),
    )
  }
}
