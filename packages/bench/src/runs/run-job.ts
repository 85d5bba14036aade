// One training run as plain data, so that any process can do it. Comes in: jobs. Goes out: results.
// Source: docs/design/04-bench.md. Everything random is keyed by the job's seed: the process makes no
// difference.

import type { ModuleRecord, RunLine } from '../records.js'
import type { OpenWorkload, Task, Workload } from '../tasks/task.js'
import { taskByWord } from '../tasks/task-kind.js'
import { keeper, leftBy } from './keep-job.js'
import { jobStore, type StoreOptions } from './job-store.js'
import { formatOf, methodOf, type MethodChoice, type MethodParts } from './method-choice.js'
import { chosenPlugin, moduleSha256, optimizerKind } from '@lotion/cli/internal'
import { withRules, type ParameterRules } from './parameter-rules.js'
import { runOnce } from './run-once.js'
import type { RunObserver, RunOptions, RunResult } from './run-options.js'

/** A task as plain data. */
export interface TaskChoice {
  /** Its name, or the path of its module. */
  readonly word: string
  /** Values of its options. */
  readonly options: Readonly<Record<string, unknown>>
}

/** What all runs of a comparison have in common, as plain data. */
export interface RunSettings
  extends
    MethodParts,
    ParameterRules,
    Required<Pick<RunOptions, 'steps' | 'casts' | 'evaluations' | 'keep'>>,
    Pick<RunOptions, 'evaluateEvery' | 'ema' | 'keepBest' | 'patience' | 'minDelta'> {
  /** Which task, with its options. */
  readonly task: TaskChoice
  /** A format's name, or the path of its module. */
  readonly format: string
  /** `tensor`, `row` or a number of weights. */
  readonly block: string
  /** An optimizer's name or the path of its module. Default: the task's. */
  readonly optimizer?: string
}

/** One method on one seed. */
export interface RunJob
  extends RunSettings, MethodChoice, Required<Pick<RunOptions, 'learningRate' | 'seed' | 'nonFinite'>> {
  /** Modules that the words name, as they were when the comparison began. */
  readonly modules: readonly ModuleRecord[]
  /**
   * Steps at which other methods of the comparison part from this one: what was trained until there is kept
   * for them, or taken from them; at the last one, for other formats that PTQ's weights are cast to. Default:
   * none.
   */
  readonly branches?: readonly number[]
}

/** Does jobs one after the other; what a task opens stays open for the next job of the same task. */
export interface JobRunner {
  /**
   * Do a job; with a store go on from what it keeps, or tell again what it left.
   * @throws if training does, naming method and seed.
   */
  run(job: RunJob, how?: JobRunOptions): Promise<JobResult>
  /** Release what is open. */
  close(): Promise<void>
}

/** What follows a job and where it is kept. */
export interface JobRunOptions {
  readonly observer?: RunObserver
  readonly signal?: AbortSignal
  readonly store?: StoreOptions
}

/** What a job leaves: plain data and arrays of its own. */
export type JobResult = Omit<RunResult, 'trained' | 'last'>

interface OpenTask {
  readonly key: string
  readonly task: Task
  readonly workload: Workload
  readonly opened: OpenWorkload
}

/** Make a runner. */
export function jobRunner(onWarning: (message: string) => void): JobRunner {
  let open: OpenTask | undefined
  const close = async (): Promise<void> => {
    const { opened } = open ?? {}
    open = undefined
    await opened?.close()
  }
  const openFor = async (job: RunJob): Promise<OpenTask> => {
    const { word, options } = job.task
    const key = JSON.stringify([word, options, job.formats, job.freeze, job.trainOnly])
    if (open?.key === key) return open
    await close()
    const task = await taskByWord(word)
    const workload = await withRules(await task.workload(options), job)
    return (open = { key, task, workload, opened: await workload.open(onWarning) })
  }
  const train = async (job: RunJob, { observer, signal, store }: JobRunOptions): Promise<JobResult> => {
    const { task, workload, opened } = await openFor(job)
    const format = await formatOf(job.format, job.block)
    const methods = await methodOf(job, format, workload)
    const { optimizer: word, ...rest } = job
    const learningRate = workload.schedule(job.learningRate)
    const optimizer =
      word === undefined ? {} : { optimizer: await chosenPlugin(optimizerKind, word, { learningRate }) }
    const own = { ...optimizer, ...(signal ? { signal } : {}), label: job.method }
    const kept = store && keeper(job, jobStore(store), store, workload)
    const records: RunLine[] = []
    const { trained, last, ...result } = await runOnce({
      ...rest,
      ...observer,
      ...own,
      ...(await kept?.options()),
      record: async (record) => {
        records.push(record)
        await observer?.record?.(record)
      },
      workload,
      opened,
      ...methods,
    })
    await kept?.finish({ trained, ...(last ? { last } : {}) }, result, records, {
      record: result.record,
      task,
      workload,
      format,
    })
    return result
  }
  return Object.freeze({
    run: async (job, how = {}) => {
      const left = how.store && (await leftBy(job, jobStore(how.store)))
      if (left) {
        for (const record of left.records) await how.observer?.record?.(record)
        return left.result
      }
      await refuseChanged(job.modules)
      try {
        return await train(job, how)
      } catch (error) {
        if (how.signal?.aborted || !(error instanceof Error)) throw error
        throw new Error(`${job.method}, seed ${job.seed}: ${error.message}`, { cause: error })
      }
    },
    close,
  } satisfies JobRunner)
}

/** A module may be loaded later than it was recorded, by another process. */
async function refuseChanged(modules: readonly ModuleRecord[]): Promise<void> {
  for (const { kind, word, sha256 } of modules) {
    const found = await moduleSha256(word)
    if (found !== sha256)
      throw new Error(
        `${kind}: expected ${word} as it was when the comparison began, sha256 ${sha256}, found ${found}; begin again`,
      )
  }
}
