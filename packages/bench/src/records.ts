// What runs leave behind, whatever the task. Comes in: nothing. Goes out: types.
// Source: docs/design/04-bench.md. Everything that differs between two runs of the same seed stands under
// `timing`.

import type { Commit } from './run-files/commit.js'
import type { Stopped } from '@lotion/optim'
import type { CastLosses } from './runs/cast-losses.js'
import type { ParameterSeen, WeightsSeen } from './runs/observed-weights.js'
import type { BestWeights } from './runs/run-options.js'
import type { LossSummary } from './runs/summary.js'

/** Times, apart from the numbers that a seed determines. */
export interface Timing {
  /** ISO 8601. */
  readonly at: string
  /** Seconds of training since the method's start, evaluations left out. */
  readonly trainingSeconds: number
  /**
   * Of the process from where the run began, or was gone on with, to its end, evaluations and other threads
   * included; in results alone.
   */
  readonly processorSeconds?: number
  /**
   * Of the median step; the first, which may trace and check the model, does not count. Absent where steps
   * are not counted in tokens.
   */
  readonly tokensPerSecond?: number
}

/** Where a run stands. */
export interface RunMoment {
  /** What records call the method: its word, or its name where a run has no word. */
  readonly method: string
  /** Of everything random in the run: the problem, its batches, noise and casts. */
  readonly seed: number
  /** Absent where steps are not counted in tokens. */
  readonly tokens?: number
  /** All that differs when the same seed runs again. */
  readonly timing: Timing
}

/** One evaluation of one method on one seed. */
export interface EvaluationRecord extends RunMoment, Omit<CastLosses, 'randomized'> {
  /**
   * Loss of one randomized cast, its draws keyed by the seed and the same at every evaluation; absent in runs
   * of earlier versions, and where a run has no randomized casts.
   */
  readonly randomized?: number
  /** Tells its lines of `metrics.jsonl` apart. */
  readonly type: 'evaluation'
  /** Steps taken so far: 0 is before the first. */
  readonly step: number
  /**
   * Mean training loss since the last evaluation, at the method's point; null at step 0, and where it is not
   * finite.
   */
  readonly training: number | null
}

/** What the quantized weights did by an evaluation, all of it determined by the seed. */
export interface WeightsRecord extends RunMoment, WeightsSeen {
  /** Tells its lines of `metrics.jsonl` apart. */
  readonly type: 'weights'
  /** Steps taken so far: 0 is before the first. */
  readonly step: number
  /** Of the last step; absent before the first, or if the optimizer declares none. */
  readonly learningRate?: number
  /** λ of the last step; absent where the method has none. */
  readonly lambda?: number
  /** Of the last step's raw gradient, before clipping, over all parameters that are trained. */
  readonly gradientNorm?: number
  /** λ · ½ Σ F σ² after the last step, in the unit of the loss; absent where the method has none. */
  readonly penalty?: number
  /** At step 0: the parameters, in the order of the lists of all records of the run. */
  readonly parameters?: readonly ParameterSeen[]
}

/** What trained weights make, such as the continuation of a text. */
export interface SampleRecord extends Pick<RunMoment, 'method' | 'seed'> {
  /** Tells its lines of `metrics.jsonl` apart. */
  readonly type: 'sample'
  /** Of the weights as they were trained. */
  readonly fullPrecision: string
  /** Of the weights cast to nearest. */
  readonly nearest: string
}

/** The end of one method on one seed. */
export interface ResultRecord extends RunMoment, CastLosses {
  /** Tells its lines of `metrics.jsonl` apart. */
  readonly type: 'result'
  /** Settings of the method. */
  readonly settings: Readonly<Record<string, string | number | boolean>>
  /** Peak of the schedule: the fixed one, or what tuning chose. */
  readonly learningRate: number
  /** Training steps that were taken: fewer than were asked for where the run stopped or diverged. */
  readonly steps: number
  /** Randomized roundings averaged in `randomized`. */
  readonly casts: number
  /** The step whose weights were taken, where the best are: the losses are theirs. */
  readonly bestStep?: number
  /** The decay β of the average, where averages of the weights were judged and taken. */
  readonly averaged?: number
  /** How the run came to end before its length. */
  readonly stopped?: Stopped
  /** Where and how the run left the finite numbers; its losses are infinite then, `null` in JSON. */
  readonly diverged?: string
  /** What is left of a run that diverged. */
  readonly left?: DivergedLeft
}

/** What is left of a run that diverged, beside its records. */
export interface DivergedLeft {
  /** The best weights before that, where they were to be kept: their step and losses. */
  readonly best?: Omit<BestWeights, 'weights'>
  /**
   * What its files are called: `weights/JOB.safetensors` has the best weights, `checkpoints/JOB` its last
   * place, where one was due before.
   */
  readonly job?: string
}

/** A plug-in that a word chose from a module. */
export interface ModuleRecord {
  /** As options call its kind: `noise`. */
  readonly kind: string
  /** The path, as it was typed. */
  readonly word: string
  /** The plug-in's own name. */
  readonly name: string
  /** Of the module's file, in hexadecimal digits; what the file imports is not in it. */
  readonly sha256: string
}

/** The first line of `metrics.jsonl`: what was run. */
export interface RunRecord {
  /** Tells its line of `metrics.jsonl` apart. */
  readonly type: 'run'
  /** The command as it was typed. */
  readonly command: string
  /** Of the working folder, where it is of a git repository. */
  readonly commit?: Commit
  /** The first seed. */
  readonly seed: number
  /** What was chosen, by name: the task's settings, the options, words of plug-ins. */
  readonly config: Readonly<Record<string, unknown>>
  /** Of all methods. */
  readonly modules: readonly ModuleRecord[]
  /** Of Node and of each package that numbers may depend on; platform and processor. */
  readonly versions: Readonly<Record<string, string>>
  /** When the run began. */
  readonly timing: Pick<Timing, 'at'>
}

/** What one run tells, a line each. */
export type RunLine = EvaluationRecord | WeightsRecord | SampleRecord | ResultRecord

/** A line of `metrics.jsonl`. */
export type MetricsRecord =
  | RunRecord
  | RunLine
  | (ComparisonRecord & {
      /** Tells its lines of `metrics.jsonl` apart. */
      readonly type: 'comparison'
    })

/**
 * A method's losses over the seeds, with everything needed to run it again: a line of `--json`, and of
 * `metrics.jsonl` after the method's last result.
 */
export interface ComparisonRecord extends LossSummary {
  /** The task's own name. */
  readonly task: string
  /** The method's word, as it was typed. */
  readonly method: string
  /** The format's word: its name, or the path of its module. */
  readonly format: string
  /** `tensor`, `row` or a number of weights. */
  readonly block: string
  /** Bits a weight, with its share of the scale, by quantized parameter. */
  readonly bitsPerWeight: Readonly<Record<string, number>>
  /** How many seeds the losses are over. */
  readonly seeds: number
  /** The numbers of the method: its strength, and what else tells its family apart. */
  readonly numbers: Readonly<Record<string, number>>
  /** All that was chosen, by name; the learning rate is the peak of its schedule. */
  readonly config: Readonly<Record<string, unknown>>
  /** Of the plug-ins that its runs used. */
  readonly modules: readonly ModuleRecord[]
}

/** All that a comparison found: what tables and reports show. */
export interface Findings {
  /** One a method. */
  readonly comparisons: readonly ComparisonRecord[]
  /** One a method and seed. */
  readonly results: readonly ResultRecord[]
  /** In the order of methods, seeds and steps; trials of tuning leave none. */
  readonly evaluations: readonly EvaluationRecord[]
  /** In the same order; none in runs of earlier versions. */
  readonly weights: readonly WeightsRecord[]
  /** What the weights of the last seed make. */
  readonly samples: readonly SampleRecord[]
}
