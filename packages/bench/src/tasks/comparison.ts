// Compares methods on a task: tunes each if asked, runs it on every seed, summarizes. Comes in: a comparison as plain data.
// Goes out: one record a method. Source: LOTION (arXiv 2510.08757), section 5; docs/design/04-bench.md.

import { leafOf, parseBlock } from '@lotion/core'
import { bitsPerWeight, formatByName, withBlock } from '@lotion/formats'
import { quantizedAxes } from '@lotion/optim'
import { hasLambda, settingsOf, type FisherName, type MethodName, type Setting } from './method-choice.js'
import { taskOf, type RunJob, type TaskChoice } from './run-job.js'
import { summarizeLosses, type LossSummary } from './summary.js'
import { tune, tuningSeeds, type Trial, type Tuned } from './tune.js'
import type { JobPool } from './job-pool.js'
import type { Task } from './task.js'

/** What is compared. */
export interface Comparison {
  readonly task: TaskChoice
  readonly methods: readonly MethodName[]
  /** Name of a built-in format. */
  readonly format: string
  /** `tensor`, `row` or a number of weights. */
  readonly block: string
  /** How many seeds, counted from `firstSeed`. */
  readonly seeds: number
  readonly firstSeed: number
  /** Randomized casts averaged for each seed. */
  readonly casts: number
  /** Where LOTION's curvature comes from. */
  readonly fisher: FisherName
  readonly scaleGradient: boolean
  /** The fixed strengths of the methods that have one; not used when tuning. */
  readonly lambdas: Readonly<Partial<Record<MethodName, number>>>
  /** Choose learning rate and strength of each method on seeds that are no test seeds. */
  readonly tune: boolean
}

/** A method's losses over the seeds, with everything needed to run it again. */
export interface ComparisonRecord extends LossSummary {
  readonly task: string
  readonly method: MethodName
  readonly format: string
  readonly block: string
  /** Bits a weight, with its share of the scale, by quantized parameter. */
  readonly bitsPerWeight: Readonly<Record<string, number>>
  readonly seeds: number
  readonly config: Readonly<Record<string, unknown>>
}

/** Count the training runs of a comparison. */
export function runsOf(comparison: Comparison): number {
  const { methods, seeds, firstSeed } = comparison
  const { learningRates } = taskOf(comparison.task)
  const trials = (name: MethodName): number =>
    settingsOf(name, learningRates).length * tuningSeeds(firstSeed).length
  return methods.reduce((sum, name) => sum + seeds + (comparison.tune ? trials(name) : 0), 0)
}

/** Run a comparison; records come as the methods are done, in the order of `methods`. `onDone` is called after each run. */
export async function* compareMethods(
  comparison: Comparison,
  pool: JobPool,
  onDone?: () => void,
): AsyncGenerator<ComparisonRecord, void, void> {
  const task = taskOf(comparison.task)
  for (const method of comparison.methods) {
    const job = ({ setting, seed }: Trial<Setting>, nonFinite: RunJob['nonFinite']): RunJob => ({
      task: comparison.task,
      method: {
        name: method,
        fisher: comparison.fisher,
        scaleGradient: comparison.scaleGradient,
        ...(setting.lambda === undefined ? {} : { lambda: setting.lambda }),
      },
      format: comparison.format,
      block: comparison.block,
      learningRate: setting.learningRate,
      seed,
      casts: comparison.casts,
      nonFinite,
    })
    const tuned = comparison.tune
      ? await tune({
          settings: settingsOf(method, task.learningRates),
          seeds: tuningSeeds(comparison.firstSeed),
          run: (trials) =>
            pool.run(
              trials.map((trial) => job(trial, 'skip')),
              onDone,
            ),
        })
      : undefined
    const lambda = hasLambda(method) ? (comparison.lambdas[method] ?? 1) : undefined
    const fixed: Setting = { learningRate: task.learningRate, ...(lambda === undefined ? {} : { lambda }) }
    const setting = tuned?.setting ?? fixed
    const seeds = Array.from({ length: comparison.seeds }, (_, i) => comparison.firstSeed + i)
    const losses = await pool.run(
      seeds.map((seed) => job({ setting, seed }, 'refuse')),
      onDone,
    )
    yield Object.freeze({
      task: task.name,
      method,
      format: comparison.format,
      block: comparison.block,
      bitsPerWeight: bitsOf(task, comparison),
      seeds: comparison.seeds,
      ...summarizeLosses(losses),
      config: configOf(comparison, method, setting, tuned),
    })
  }
}

function bitsOf(
  { quantize, shapes }: Pick<Task, 'quantize' | 'shapes'>,
  { format: name, block }: Comparison,
): Readonly<Record<string, number>> {
  const format = withBlock(formatByName(name), parseBlock(block))
  const axes = [...quantizedAxes(quantize, shapes)]
  return Object.fromEntries(
    axes.map(([parameter, axis]) => [
      parameter,
      bitsPerWeight(format, leafOf(shapes, parameter, 'shapes'), axis),
    ]),
  )
}

function configOf(
  comparison: Comparison,
  method: MethodName,
  setting: Setting,
  tuned: Tuned<Setting> | undefined,
): Readonly<Record<string, unknown>> {
  const { fisher, scaleGradient, casts, firstSeed } = comparison
  const task = taskOf(comparison.task)
  return Object.freeze({
    ...task.config,
    steps: task.steps,
    ...setting,
    ...(method === 'lotion' ? { fisher, scaleGradient } : {}),
    casts,
    firstSeed,
    ...(tuned ? { tuning: { settings: tuned.tried, seeds: tuned.seeds, nearest: tuned.nearest } } : {}),
  })
}
