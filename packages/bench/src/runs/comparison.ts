// Compares methods on a task: tunes each if asked, runs it on every seed, summarizes. Comes in: a comparison
// as plain data. Goes out: what each method gave. Source: LOTION (arXiv 2510.08757), section 5;
// docs/design/04-bench.md.

import { leafOf, type NumberFormat } from '@lotion/core'
import { bitsPerWeight } from '@lotion/formats'
import { quantizedAxes } from '@lotion/optim'
import type { ComparisonRecord, EvaluationRecord, ResultRecord } from '../records.js'
import type { Task, Workload } from '../tasks/task.js'
import { taskByWord } from '../tasks/task-kind.js'
import { inOrder } from './in-order.js'
import type { JobObserver, JobPool } from './job-pool.js'
import {
  chosenMethod,
  fixedNumbers,
  formatOf,
  settingsOf,
  type ChosenMethod,
  type MethodParts,
  type Setting,
} from './method-choice.js'
import type { RunJob, TaskChoice } from './run-job.js'
import type { RunObserver, RunResult } from './run-once.js'
import { summarizeLosses } from './summary.js'
import { tune, tuningSeeds, type Trial, type Tuned } from './tune.js'

/** What is compared. */
export interface Comparison extends MethodParts {
  readonly task: TaskChoice
  /** Words of methods. */
  readonly methods: readonly string[]
  /** A format's name, or the path of its module. */
  readonly format: string
  /** `tensor`, `row` or a number of weights. */
  readonly block: string
  readonly steps: number
  /** How many seeds, counted from `firstSeed`. */
  readonly seeds: number
  readonly firstSeed: number
  /** Randomized casts averaged for each seed. */
  readonly casts: number
  /** Evaluations of every run that is no trial, for a report. */
  readonly evaluations: number
  /** Whether the last seed's cast weights are wanted. */
  readonly keep: boolean
  /** The fixed learning rate; not used when tuning. Default: the task's. */
  readonly learningRate?: number
  /** An optimizer's name or the path of its module. Default: the task's. */
  readonly optimizer?: string
  /** Strengths λ by method, where its word gives none; not used when tuning. Default: the method's own. */
  readonly lambdas: Readonly<Record<string, number>>
  /** Choose learning rate and strength of each method on seeds that are no test seeds. */
  readonly tune: boolean
}

/** What a method gave: its summary, a record a seed, and the last seed's weights if asked for. */
export interface ComparedMethod {
  readonly record: ComparisonRecord
  readonly results: readonly ResultRecord[]
  readonly kept?: Required<Pick<RunResult, 'quantized'>> & RunResult
}

/** Follows a comparison. */
export interface ComparisonObserver {
  /** Called as a run begins: what follows it. Runs of tuning have no records. */
  observe?(run: {
    readonly method: string
    readonly seed: number
    readonly trial: boolean
  }): Pick<RunObserver, 'progress'>
  /** Called after each run. */
  done?(): void
  /** Called with the records of all runs but trials, in the order of methods and seeds; awaited. */
  record?(record: EvaluationRecord | ResultRecord): Promise<void>
}

/** Count the training runs of a comparison. */
export async function runsOf(comparison: Comparison, task: Task): Promise<number> {
  const { methods, seeds, firstSeed } = comparison
  if (!comparison.tune) return methods.length * seeds
  const chosen = await methodsOf(comparison, await task.workload(comparison.task.options))
  const trials = tuningSeeds(firstSeed).length
  return chosen.reduce(
    (sum, method) => sum + seeds + settingsOf(method, task.learningRates).length * trials,
    0,
  )
}

async function methodsOf(comparison: Comparison, workload: Workload): Promise<readonly ChosenMethod[]> {
  const format = await formatOf(comparison.format, comparison.block)
  return Promise.all(
    comparison.methods.map((word) => chosenMethod({ ...comparison, word }, format, workload)),
  )
}

/** Run a comparison; what a method gave comes as soon as it is done, in the order of `methods`. */
export async function* compareMethods(
  comparison: Comparison,
  pool: JobPool,
  observer: ComparisonObserver = {},
): AsyncGenerator<ComparedMethod, void, void> {
  const task = await taskByWord(comparison.task.word)
  const workload = await task.workload(comparison.task.options)
  const { format, block, steps, seeds, firstSeed } = comparison
  const bits = bitsOf(workload, await formatOf(format, block))
  const chosen = await methodsOf(comparison, workload)
  for (const [i, method] of comparison.methods.entries()) {
    const job = ({ setting: { learningRate, numbers }, seed }: Trial<Setting>, trial: boolean): RunJob => ({
      task: comparison.task,
      method: {
        word: method,
        numbers,
        fisher: comparison.fisher,
        noise: comparison.noise,
        scaleGradient: comparison.scaleGradient,
      },
      format,
      block,
      ...(comparison.optimizer === undefined ? {} : { optimizer: comparison.optimizer }),
      learningRate,
      steps,
      seed,
      casts: trial ? 0 : comparison.casts,
      evaluations: trial ? 0 : comparison.evaluations,
      keep: !trial && comparison.keep && seed === firstSeed + seeds - 1,
      nonFinite: trial ? 'skip' : 'refuse',
    })
    const run = async (trials: readonly Trial<Setting>[], trial: boolean): Promise<readonly RunResult[]> => {
      const lines = inOrder<EvaluationRecord | ResultRecord>(async (record) => observer.record?.(record))
      return pool.run(
        trials.map((each) => job(each, trial)),
        (at): JobObserver => ({
          ...observer.observe?.({ method, seed: trials[at]!.seed, trial }),
          ...(trial ? {} : { record: (record) => lines.record(at, record) }),
          done: async () => {
            observer.done?.()
            await lines.done(at)
          },
        }),
      )
    }
    const tuned = comparison.tune
      ? await tune({
          settings: settingsOf(chosen[i]!, task.learningRates),
          seeds: tuningSeeds(firstSeed),
          run: async (trials) => (await run(trials, true)).map(({ record }) => record),
        })
      : undefined
    const setting: Setting = tuned?.setting ?? {
      learningRate: comparison.learningRate ?? task.learningRate,
      numbers: fixedNumbers(chosen[i]!, comparison.lambdas[method]),
    }
    const found = await run(
      Array.from({ length: seeds }, (_, n) => ({ setting, seed: firstSeed + n })),
      false,
    )
    const results = found.map(({ record }) => record)
    const { record: last, quantized, text } = found.at(-1)!
    yield {
      record: Object.freeze({
        task: task.name,
        method,
        format,
        block,
        bitsPerWeight: bits,
        seeds,
        ...summarizeLosses(results),
        config: configOf(comparison, workload, chosen[i]!, setting, tuned),
      }),
      results,
      ...(quantized ? { kept: { record: last, quantized, ...(text === undefined ? {} : { text }) } } : {}),
    }
  }
}

function bitsOf({ quantize, shapes }: Workload, format: NumberFormat): Readonly<Record<string, number>> {
  const axes = [...quantizedAxes(quantize, shapes)]
  return Object.fromEntries(
    axes.map(([name, axis]) => [name, bitsPerWeight(format, leafOf(shapes, name, 'shapes'), axis)]),
  )
}

function configOf(
  { fisher, noise, scaleGradient, optimizer, casts, firstSeed, steps }: Comparison,
  workload: Workload,
  { family, given }: ChosenMethod,
  { learningRate, numbers }: Setting,
  tuned: Tuned<Setting> | undefined,
): Readonly<Record<string, unknown>> {
  return Object.freeze({
    ...workload.config,
    steps,
    learningRate,
    ...given,
    ...numbers,
    ...(optimizer === undefined ? {} : { optimizer }),
    ...(family.name === 'lotion' ? { fisher, noise, scaleGradient } : {}),
    casts,
    firstSeed,
    ...(tuned ? { tuning: { settings: tuned.tried, seeds: tuned.seeds, nearest: tuned.nearest } } : {}),
  })
}
