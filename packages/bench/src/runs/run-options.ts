// What a run takes, tells on its way, and leaves. Comes in: nothing. Goes out: types.
// Source: docs/design/04-bench.md, one contract for tasks.

import type { Transformation, Tree } from '@lotion/core'
import type { Method, ResumePoint } from '@lotion/optim'
import type { ResultRecord, RunLine } from '../records.js'
import type { OpenWorkload, Workload } from '../tasks/task.js'
import type { CastLosses } from './cast-losses.js'
import type { ClockState } from './run-clock.js'

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
  record?(record: RunLine): void | Promise<void>
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
  /** Of the processors for this run so far; of one that begins with another's steps none yet. */
  readonly processorSeconds?: number
  /** All records so far, as plain data. */
  readonly records: readonly RunLine[]
  /** Where the best weights are kept: those so far. */
  readonly best?: BestWeights
}

/** The weights with the lowest loss after the nearest cast so far. */
export interface BestWeights extends Omit<CastLosses, 'randomized'> {
  /** Steps before them. */
  readonly step: number
  /** Copies, by parameter. */
  readonly weights: Tree<Float32Array>
}

/** Keeps what a run can be continued from. */
export interface RunSaver {
  /** What the run's files are called, for its record. Default: it does not say. */
  readonly job?: string
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
  /** Methods that take over from it, each from a share of the run, ascending in (0, 1). Default: none. */
  readonly later?: readonly (readonly [method: Method, from: number])[]
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
  /** Steps between two evaluations, in place of their number; the last step is one too. */
  readonly evaluateEvery?: number
  /** Judge, and take at the end, the weights' average over about 1 / (1 − ema) steps. Default: no average. */
  readonly ema?: number
  /** Take the weights with the lowest loss after the nearest cast of all evaluations. Default: the last. */
  readonly keepBest?: boolean
  /** End after so many evaluations in a row without a lower loss after the nearest cast. Default: never. */
  readonly patience?: number
  /** A loss is lower only by more than this, for `patience`. Default: 0. */
  readonly minDelta?: number
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
  /**
   * The weights that were taken, by parameter: as trained, their averages, or the best, of a run that
   * diverged the best before that; the workload's next run may write over them.
   */
  readonly trained: Tree<Float32Array>
  /** Those that were trained, after the last step, where others were taken. */
  readonly last?: Tree<Float32Array>
  /** Weights cast to nearest, by parameter; in full precision those that are not quantized. */
  readonly quantized?: Tree<Float32Array>
  /** What the cast weights make, where the task has something to read. */
  readonly text?: string
}
