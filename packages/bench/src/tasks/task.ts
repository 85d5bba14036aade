// What a task is: options, and for a choice of them how it is trained, whatever computes its gradients.
// Comes in: values of options. Goes out: a workload; opened, a problem for every seed.
// Source: docs/design/04-bench.md.

import {
  mapTree,
  type Allocator,
  type Batch,
  type Executor,
  type GradientStep,
  type NumberFormat,
  type Shape,
  type Transformation,
  type Tree,
} from '@lotion/core'
import { hasMembers, refuseUnknownKeys } from '@lotion/core/internal'
import type { CliOptions, OptionValues } from '@lotion/cli'
import { checkOption } from '@lotion/cli/internal'
import type { QuantizeRule, Schedule } from '@lotion/optim'
import type { DataFacts, DataReading } from './data-facts.js'

/**
 * A family of problems with what suits it. Its options are plain data once they are read: they travel to
 * other processes.
 */
export interface Task<O extends CliOptions = CliOptions> {
  /** As it is typed. */
  readonly name: string
  /** What `lotion run` says of it. */
  readonly summary: string
  /** The options that it has beside those of every task. */
  readonly options: O
  /** Command lines that work, shown in the help. */
  readonly examples: readonly string[]
  /** Defaults of the options that every task has, where it wants others. */
  readonly defaults?: SharedDefaults
  /** How its losses are called and written. */
  readonly loss: LossReading
  /** Training steps by default. */
  readonly steps: number
  /** Learning rate of the fixed setting. */
  readonly learningRate: number
  /** Learning rates tried when tuning. */
  readonly learningRates: readonly number[]
  /** What the help says of the rate where workloads have their own: `0.0001 for a checkpoint`. */
  readonly rateNote?: string
  /** Methods by default where the task's own options ask for others. Default: those of `defaults`. */
  readonly methodsFor?: {
    /** What the help says of them: `qat for a checkpoint`. */
    readonly note: string
    /**
     * As they would be typed; nothing where they are the usual ones.
     * @param values Of the task's options, as their schemas made them.
     */
    of(values: OptionValues<O>): string | undefined | Promise<string | undefined>
  }
  /**
   * Make options as they were typed those of a run that can be gone on with, as text that comes but once has
   * to be kept. Default: they are.
   * @param values Of all options, as their schemas made them.
   * @param signal Ends the waiting.
   * @throws UsageError naming what is wrong.
   */
  prepare?(values: OptionValues<O>, signal: AbortSignal): Promise<PreparedOptions>
  /**
   * Describe the training of a choice; nothing large is made yet.
   * @param values Of all options, as their schemas made them.
   * @throws RangeError if values do not go together.
   */
  workload(values: OptionValues<O>): Workload | Promise<Workload>
}

/** Options of a run that can be gone on with. */
export interface PreparedOptions {
  /** All of the task's, by name. */
  readonly own: Readonly<Record<string, unknown>>
  /** Told once the run has begun: what was made for them stays. */
  begun?(): Promise<void>
  /** Remove what was made for them: the run does not begin. */
  undo?(): Promise<void>
  /** A file that was made, and what its user calls it. */
  readonly made?: readonly [path: string, name: string]
}

/** Options of every task whose defaults a task may choose, as they would be typed. */
export type SharedDefaults = Readonly<
  Partial<Record<'methods' | 'seeds' | 'casts' | 'fisher' | 'workers' | 'out', string>>
>

/** How losses of a task are called, written and read. */
export interface LossReading {
  /** What headings and columns call it. */
  readonly name: string
  /** Absent for a number without one. */
  readonly unit?: string
  /** One sentence: what is measured, on what. */
  readonly meaning: string
  /** Decimals in tables. Default: three significant digits. */
  readonly decimals?: number
  /**
   * Names of settings, as the workload's `config` has them, that make it a loss of something else: runs that
   * differ in one are not compared. Default: none.
   */
  readonly of?: readonly string[]
}

/** A task with its options chosen. */
export interface Workload {
  /** Shapes of the parameters, the same for every seed. */
  readonly shapes: Tree<Shape>
  /** Shapes of those that are trained; the others stay as they begin. Default: all. */
  readonly trained?: Tree<Shape>
  /** Which parameters are quantized, by name and shape. */
  readonly quantize: QuantizeRule
  /**
   * How the learning rate runs over time, from its peak.
   * @param peak The largest learning rate, above 0.
   */
  schedule(peak: number): number | Schedule
  /**
   * The optimizer that suits the task.
   * @param learningRate Of `schedule`, for the whole run.
   */
  optimizer(learningRate: number | Schedule): Transformation
  /** Its usual rate and those tried when tuning, where the task's do not suit what was chosen. */
  readonly rates?: Pick<Task, 'learningRate' | 'learningRates'>
  /** Applied to the gradient before a method's penalty. */
  readonly before?: readonly Transformation[]
  /**
   * λ of LOTION for a strength: how it runs over time.
   * @param strength At least 0.
   */
  lambda(strength: number): number | Schedule
  /** Tokens a step, where steps are counted in them. */
  readonly tokensPerStep?: number
  /** Bytes that a step holds at least until its gradients are there, where they are known. Default: 0. */
  readonly activationBytes?: number
  /** What was chosen, for records. */
  readonly config: Readonly<Record<string, string | number | boolean>>
  /** What else a checkpoint says of the model. Default: the task's name and `config`. */
  readonly model?: Readonly<Record<string, unknown>>
  /** What belongs to its weights besides, such as a tokenizer. */
  readonly beside?: BesideWeights
  /**
   * What a user should know before training.
   * @param format What is trained for.
   */
  preview?(format: NumberFormat): Preview
  /**
   * Read all of the data, so that what is wrong with it is told before a run begins.
   * @param how What is told meanwhile. Default: nothing.
   * @returns what there is; nothing where it was not asked for.
   * @throws RangeError naming what is wrong, and where.
   */
  readData?(how?: DataReading): Promise<DataFacts | undefined>
  /** Bytes of text that a token of the losses is, where `readData` tells none. Default: none are told. */
  bytesPerToken?(): Promise<number>
  /**
   * Load data and compile what all seeds share.
   * @param onWarning Takes what an engine warns of, in words.
   * @param trained Names of the parameters that are trained: gradients of others need not be computed.
   * Default: all.
   */
  open(
    onWarning: (message: string) => void,
    trained?: readonly string[],
  ): OpenWorkload | Promise<OpenWorkload>
}

/** What is kept with weights, so that they can be used without being told anything again. */
export interface BesideWeights {
  /** Texts for the metadata of their files, by name. */
  readonly metadata: Readonly<Record<string, string>>
  /** Texts of small files for the run's folder, by name. */
  readonly files: Readonly<Record<string, string>>
}

/** What is known of a training before it. */
export interface Preview {
  /** For standard error, before the run. */
  readonly lines: readonly string[]
  /** Said even with `--quiet`. */
  readonly warnings: readonly string[]
  /** For the run's record. */
  readonly config: Readonly<Record<string, unknown>>
}

/** A workload with its data and engine in memory; it serves one run at a time. */
export interface OpenWorkload {
  /** Makes the arrays and runs the steps of optimizers and casts. */
  readonly executor: Executor<Float32Array>
  /** Arrays that the engine reads in place. Default: the executor's. */
  readonly allocate?: Allocator<Float32Array>['allocate']
  /**
   * Make the problem of a seed.
   * @param seed Of the initial weights and of the batches.
   */
  problem(seed: number): Problem | Promise<Problem>
  /** Release what was opened. */
  close(): Promise<void>
}

/** One instance of a task. */
export interface Problem {
  /** Parameters at the start; trained in place. */
  readonly params: Tree<Float32Array>
  /** Loss and gradients of a batch, of the parameters as they are. */
  readonly gradientStep: GradientStep<Float32Array>
  /** The batch of a step, from 0. */
  readonly batches: (step: number) => Batch
  /**
   * The loss that is reported.
   * @param params Those of training or a cast of them, of the same shapes.
   */
  loss(params: Tree<Float32Array>): number | Promise<number>
  /**
   * Something to read that the weights make, such as the continuation of a text; the same each time.
   * @param params Those of training or a cast of them, of the same shapes.
   */
  sample?(params: Tree<Float32Array>): Promise<string>
}

const taskNames: Readonly<Record<keyof Task, true>> = {
  name: true,
  summary: true,
  options: true,
  examples: true,
  defaults: true,
  loss: true,
  steps: true,
  learningRate: true,
  learningRates: true,
  rateNote: true,
  methodsFor: true,
  prepare: true,
  workload: true,
}

/**
 * Define a task; the record is frozen.
 * @param task Its members.
 * @throws if a key is unknown, of one of its options too.
 */
export function defineTask<const O extends CliOptions>(task: Task<O>): Task<O> {
  refuseUnknownKeys<object>(task.name, task, taskNames)
  for (const [key, option] of Object.entries<CliOptions[string]>(task.options ?? {}))
    checkOption(`${task.name}: options: ${key}`, option)
  return Object.freeze({ ...task })
}

/**
 * Values of a task's options: the defaults, but for those that are given.
 * @param task The one whose options they are.
 * @param given By option, as its schema makes them. Default: none.
 * @throws TypeError for an option that it does not have.
 */
export function valuesOf<O extends CliOptions>(
  task: Task<O>,
  given: Partial<OptionValues<O>> = {},
): OptionValues<O> {
  const known: Readonly<Record<string, true>> = mapTree(task.options, () => true as const)
  refuseUnknownKeys<object>(task.name, given, known)
  const defaults = Object.entries(task.options).map(([key, option]) => [
    key,
    option.schema.parse(option.default),
  ])
  return { ...Object.fromEntries(defaults), ...given } as OptionValues<O>
}

/**
 * Tell whether a value is a task.
 * @param value Anything, such as an export of a module.
 */
export function isTask(value: unknown): value is Task {
  return hasMembers(value, {
    name: 'string',
    options: 'object',
    loss: 'object',
    steps: 'number',
    workload: 'function',
  })
}
