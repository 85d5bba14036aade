// One training run as plain data, so that any process can do it. Comes in: jobs. Goes out: results.
// Source: docs/design/04-bench.md. Everything random is keyed by the job's seed: the process makes no
// difference.

import type { OpenWorkload, Workload } from '../tasks/task.js'
import { taskByWord } from '../tasks/task-kind.js'
import { formatOf, methodOf, type MethodChoice, type MethodParts } from './method-choice.js'
import { chosenPlugin, moduleSha256, optimizerKind } from '@lotion/cli/internal'
import type { ModuleRecord } from '../records.js'
import { runOnce, type RunObserver, type RunOptions, type RunResult } from './run-once.js'

/** A task as plain data. */
export interface TaskChoice {
  /** Its name, or the path of its module. */
  readonly word: string
  /** Values of its options. */
  readonly options: Readonly<Record<string, unknown>>
}

/** What all runs of a comparison have in common, as plain data. */
export interface RunSettings
  extends MethodParts, Required<Pick<RunOptions, 'steps' | 'casts' | 'evaluations' | 'keep'>> {
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
}

/** Does jobs one after the other; what a task opens stays open for the next job of the same task. */
export interface JobRunner {
  /** @throws if training does, naming method and seed. */
  run(job: RunJob, observer?: RunObserver, signal?: AbortSignal): Promise<RunResult>
  /** Release what is open. */
  close(): Promise<void>
}

/** Make a runner. */
export function jobRunner(onWarning: (message: string) => void): JobRunner {
  let open: { readonly key: string; readonly workload: Workload; readonly opened: OpenWorkload } | undefined
  const close = async (): Promise<void> => {
    const { opened } = open ?? {}
    open = undefined
    await opened?.close()
  }
  const openFor = async ({ word, options }: TaskChoice) => {
    const key = JSON.stringify([word, options])
    if (open?.key === key) return open
    await close()
    const workload = await (await taskByWord(word)).workload(options)
    return (open = { key, workload, opened: await workload.open(onWarning) })
  }
  return Object.freeze({
    run: async (job, observer = {}, signal) => {
      await refuseChanged(job.modules)
      const { workload, opened } = await openFor(job.task)
      const method = await methodOf(job, await formatOf(job.format, job.block), workload)
      const { optimizer: word, ...rest } = job
      const learningRate = workload.schedule(job.learningRate)
      const optimizer =
        word === undefined ? {} : { optimizer: await chosenPlugin(optimizerKind, word, { learningRate }) }
      const own = { ...optimizer, ...(signal ? { signal } : {}), label: job.method }
      try {
        return await runOnce({ ...rest, ...observer, ...own, workload, opened, method })
      } catch (error) {
        if (signal?.aborted || !(error instanceof Error)) throw error
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
