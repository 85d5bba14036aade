// One training run as plain data, so that any process can do it. Comes in: a job. Goes out: losses.
// Source: docs/design/04-bench.md. Everything random is keyed by the job's seed: the process makes no difference.

import { parseBlock } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { formatByName, withBlock } from '@lotion/formats'
import { runOnce, type CastLosses } from './compare.js'
import { methodOf, type MethodChoice } from './method-choice.js'
import { linearRegression, type LinearRegressionOptions } from './linear-regression.js'
import { twoLayer, type TwoLayerOptions } from './two-layer.js'
import type { Task } from './task.js'

/** A task as plain data. */
export type TaskChoice =
  | { readonly name: 'linear-regression'; readonly options: LinearRegressionOptions }
  | { readonly name: 'two-layer'; readonly options: TwoLayerOptions }

/** One method on one seed. */
export interface RunJob {
  readonly task: TaskChoice
  readonly method: MethodChoice
  /** Name of a built-in format. */
  readonly format: string
  /** `tensor`, `row` or a number of weights. */
  readonly block: string
  readonly learningRate: number
  readonly seed: number
  /** Randomized casts averaged. */
  readonly casts: number
  /** On a gradient that is not finite: stop with an error, or leave the step out (tuning, where a rate may be too high). */
  readonly nonFinite: 'refuse' | 'skip'
}

/** Make the task that is described. */
export function taskOf(choice: TaskChoice): Task {
  return choice.name === 'two-layer' ? twoLayer(choice.options) : linearRegression(choice.options)
}

/** Do a job. @throws if training does, naming method and seed. */
export async function runJob(job: RunJob, signal?: AbortSignal): Promise<CastLosses> {
  const task = taskOf(job.task)
  const format = withBlock(formatByName(job.format), parseBlock(job.block))
  try {
    return await runOnce({
      task,
      method: methodOf(job.method, format, task),
      learningRate: job.learningRate,
      seed: job.seed,
      executor: cpuExecutor(),
      casts: job.casts,
      nonFinite: job.nonFinite,
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    if (signal?.aborted || !(error instanceof Error)) throw error
    throw new Error(`${job.method.name}, seed ${job.seed}: ${error.message}`, { cause: error })
  }
}
