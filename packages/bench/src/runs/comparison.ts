// Compares methods on a task: tunes each if asked, runs it on every seed, summarizes. Comes in: a comparison
// as plain data. Goes out: what each method gave. Source: LOTION (arXiv 2510.08757);
// docs/design/04-bench.md.

import { leafOf, type NumberFormat } from '@lotion/core'
import { bitsPerWeight } from '@lotion/formats'
import { quantizedAxes } from '@lotion/optim'
import type { ComparisonRecord, ResultRecord, RunLine } from '../records.js'
import type { Workload } from '../tasks/task.js'
import { madeFrom, planOf, type ComparisonPlan, type PlannedMethod } from './comparison-plan.js'
import { inOrder } from './in-order.js'
import type { JobObserver, JobPool } from './job-pool.js'
import { settingsOf, type Setting } from './method-choice.js'
import { branchesOf } from './phase-words.js'
import type { JobResult, RunJob, RunSettings } from './run-job.js'
import type { RunObserver } from './run-options.js'
import { summarizeLosses } from './summary.js'
import { tune, tuningSeeds, type Trial, type Tuned } from './tune.js'

/** What is compared. */
export interface Comparison extends RunSettings {
  /** Words of methods. */
  readonly methods: readonly string[]
  /** How many seeds, counted from `firstSeed`. */
  readonly seeds: number
  /** The lowest test seed; those of tuning begin `TUNING_OFFSET` above it. */
  readonly firstSeed: number
  /** The fixed learning rate; not used when tuning. Default: the task's. */
  readonly learningRate?: number
  /** Strength of every method that has one, where its word gives none. Default: the method's own. */
  readonly lambda?: number
  /** The same for CAGE. Default: `lambda`. */
  readonly cageLambda?: number
  /** Choose learning rate and strength of each method on seeds that are no test seeds. */
  readonly tune: boolean
}

/** What a method gave: its summary, a record a seed, and the last seed's weights if asked for. */
export interface ComparedMethod {
  /** Its losses over all seeds. */
  readonly record: ComparisonRecord
  /** One a seed, in their order. */
  readonly results: readonly ResultRecord[]
  /** The last seed's cast weights and what they make, if `keep` asked for them. */
  readonly kept?: Required<Pick<JobResult, 'quantized'>> & JobResult
}

/** Follows a comparison. */
export interface ComparisonObserver {
  /**
   * Called as a run begins: what follows it. Runs of tuning have no records.
   * @param run Its method by the word, its seed, and whether it is one of tuning.
   */
  observe?(run: {
    readonly method: string
    readonly seed: number
    readonly trial: boolean
  }): Pick<RunObserver, 'progress'>
  /** Called after each run. */
  done?(): void
  /**
   * Called with the records of all runs but trials, in the order of methods and seeds; awaited.
   * @param record The next one in order.
   */
  record?(record: RunLine): Promise<void>
}

/**
 * Run a comparison; what a method gave comes as soon as it is done, in the order of `methods`. `known` is its
 * plan, where it has been made already.
 * @param comparison Task, methods, seeds, format and settings.
 * @param pool Runs it; stays open.
 * @param observer Told of runs and records. Default: nobody is.
 * @param known Of `planOf` for the same comparison. Default: it is made.
 * @throws UsageError if a word names no method; else as the pool's `run`.
 */
export async function* compareMethods(
  comparison: Comparison,
  pool: JobPool,
  observer: ComparisonObserver = {},
  known?: ComparisonPlan,
): AsyncGenerator<ComparedMethod, void, void> {
  const plan = known ?? (await planOf(comparison))
  const { task, workload } = plan
  const { format, block, seeds, firstSeed } = comparison
  const bits = bitsOf(workload, plan.format)
  for (const planned of plan.methods) {
    const { word: method, modules } = planned
    const branches = branchesOf(method, comparison.methods, comparison.steps)
    const job = ({ setting: { learningRate, numbers }, seed }: Trial<Setting>, trial: boolean): RunJob => ({
      ...(trial ? trialOf(comparison) : comparison),
      method,
      numbers,
      modules,
      learningRate,
      seed,
      keep: !trial && comparison.keep && seed === firstSeed + seeds - 1,
      nonFinite: trial ? 'skip' : 'refuse',
      ...(trial || branches.length === 0 ? {} : { branches }),
    })
    const run = async (trials: readonly Trial<Setting>[], trial: boolean): Promise<readonly JobResult[]> => {
      const lines = inOrder<RunLine>(async (record) => observer.record?.(record))
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
          settings: settingsOf(planned, task.learningRates),
          seeds: tuningSeeds(firstSeed),
          run: async (trials) => (await run(trials, true)).map(({ record }) => record),
        })
      : undefined
    const setting: Setting = tuned?.setting ?? {
      learningRate: comparison.learningRate ?? task.learningRate,
      numbers: planned.numbers,
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
        numbers: { ...planned.numbers, ...setting.numbers },
        config: configOf(comparison, plan, planned, setting, tuned),
        modules,
      }),
      results,
      ...(quantized ? { kept: { record: last, quantized, ...(text === undefined ? {} : { text }) } } : {}),
    }
  }
}

/** Of a comparison what a trial needs, which is judged by the cast of its last weights alone. */
export function trialOf(comparison: Comparison): Comparison {
  const { evaluateEvery: _, keepBest: _best, patience: _patience, minDelta: _delta, ...rest } = comparison
  return { ...rest, casts: 0, evaluations: 0 }
}

/** Bits a weight, with its share of the scale, by quantized parameter. */
export function bitsOf(
  { quantize, shapes }: Workload,
  format: NumberFormat,
): Readonly<Record<string, number>> {
  const axes = quantizedAxes(quantize, shapes)
  return Object.fromEntries(
    [...axes].map(([name, axis]) => {
      const own = axes.formats?.get(name) ?? format
      return [name, bitsPerWeight(own, leafOf(shapes, name, 'shapes'), axis)]
    }),
  )
}

/** Of some values those that are there. */
const given = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

/** All that was chosen. What the comparison's words give goes before what the method says of itself. */
function configOf(
  comparison: Comparison,
  { workload, optimizer }: ComparisonPlan,
  planned: PlannedMethod,
  setting: Setting,
  tuned: Tuned<Setting> | undefined,
): Readonly<Record<string, unknown>> {
  const { casts, firstSeed, steps, ema, keepBest, patience, minDelta } = comparison
  const { formats, freeze, trainOnly } = comparison
  const numbers = { ...planned.numbers, ...setting.numbers }
  const { method, parts } = madeFrom(planned, numbers, comparison)
  return Object.freeze({
    ...method.settings,
    ...workload.config,
    steps,
    learningRate: setting.learningRate,
    ...numbers,
    optimizer,
    ...parts,
    ...given({ formats, freeze, trainOnly, ema, keepBest, patience, minDelta }),
    casts,
    firstSeed,
    ...(tuned ? { tuning: { settings: tuned.tried, seeds: tuned.seeds, nearest: tuned.nearest } } : {}),
  })
}
