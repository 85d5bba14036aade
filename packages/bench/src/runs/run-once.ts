// Trains one method on one seed and measures it. Comes in: an open workload, a method. Goes out: a record,
// cast weights.
// Source: docs/design/04-bench.md.

import { leafOf, mapTree, type Transformation, type Tree } from '@lotion/core'
import { Diverged } from '@lotion/core/internal'
import { fit, type Method, type OptimizerState, type ResumePoint, type StepEvent } from '@lotion/optim'
import type { EvaluationRecord, ResultRecord } from '../records.js'
import type { OpenWorkload, Workload } from '../tasks/task.js'
import { castMeter } from './cast-losses.js'
import { runClock, type ClockState } from './run-clock.js'

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

/** A run between two steps, from which it goes on with the same bits. */
export interface RunSnapshot {
  /** The weights: the arrays that are trained, no copies. */
  readonly params: Tree<Float32Array>
  /** Steps taken, and how many of them were skipped; the optimizer's slots, no copies. */
  readonly from: ResumePoint<Float32Array>
  /** The training losses since the last evaluation, as plain data. */
  readonly window: {
    /** Of the losses. */
    readonly sum: number
    /** How many. */
    readonly count: number
  }
  /** Seconds of training so far, as plain data. */
  readonly clock: ClockState
  /** All records so far, as plain data. */
  readonly records: readonly (EvaluationRecord | ResultRecord)[]
}

/** Keeps what a run can be continued from. */
export interface RunSaver {
  /**
   * Tell whether it is time.
   * @param step Steps taken so far, from 1.
   */
  due(step: number): boolean
  /**
   * Keep a snapshot; awaited, since its arrays are written over as the run goes on.
   * @param snapshot Where the run stands.
   */
  save(snapshot: RunSnapshot): Promise<void>
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
   * On a gradient that is not finite: stop (default), or leave the step out. A run that diverges has infinite
   * losses, and its record says where.
   */
  readonly nonFinite?: 'refuse' | 'skip'
  /** Stops the run with the signal's reason. Default: nothing does. */
  readonly signal?: AbortSignal
  /** Go on from here; the records so far are told again. Default: from the start. */
  readonly from?: RunSnapshot
  /** Asked after each step; and told where a run stands that is stopped. Default: nothing is kept. */
  readonly saver?: RunSaver
}

/** What a run leaves; `quantized` and `text` where they were to be kept and it did not diverge. */
export interface RunResult {
  /** The losses at the end. */
  readonly record: ResultRecord
  /** The arrays that were trained, by parameter; the workload's next run may write over them. */
  readonly trained: Tree<Float32Array>
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

/** Evaluations are spread evenly; the last step is always one, if there are any. */
function evaluatesAt(step: number, steps: number, evaluations: number): boolean {
  return Math.floor((step * evaluations) / steps) > Math.floor(((step - 1) * evaluations) / steps)
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
