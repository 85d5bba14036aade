// What runs leave behind, whatever the task. Comes in: nothing. Goes out: types.
// Source: docs/design/04-bench.md. Everything that differs between two runs of the same seed stands under
// `timing`.

import type { CastLosses } from './runs/cast-losses.js'
import type { LossSummary } from './runs/summary.js'

/** Times, apart from the numbers that a seed determines. */
export interface Timing {
  /** ISO 8601. */
  readonly at: string
  /** Seconds of training since the method's start, evaluations left out. */
  readonly trainingSeconds: number
  /**
   * Of the steps after the first, which may trace and check the model; absent where steps are not counted in
   * tokens.
   */
  readonly tokensPerSecond?: number
}

/** Where a run stands. */
export interface RunMoment {
  readonly method: string
  readonly seed: number
  /** Absent where steps are not counted in tokens. */
  readonly tokens?: number
  readonly timing: Timing
}

/** One evaluation of one method on one seed. */
export interface EvaluationRecord extends RunMoment, Omit<CastLosses, 'randomized'> {
  readonly type: 'evaluation'
  readonly step: number
  /** Mean training loss since the last evaluation, at the method's point; null at step 0. */
  readonly training: number | null
}

/** The end of one method on one seed. */
export interface ResultRecord extends RunMoment, CastLosses {
  readonly type: 'result'
  /** Settings of the method. */
  readonly settings: Readonly<Record<string, string | number | boolean>>
  readonly learningRate: number
  readonly steps: number
  /** Randomized roundings averaged in `randomized`. */
  readonly casts: number
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
  readonly type: 'run'
  readonly command: string
  /** The first seed. */
  readonly seed: number
  readonly config: Readonly<Record<string, unknown>>
  /** Of all methods. */
  readonly modules: readonly ModuleRecord[]
  readonly versions: Readonly<Record<string, string>>
  readonly timing: Pick<Timing, 'at'>
}

/** A line of `metrics.jsonl`. */
export type MetricsRecord =
  | RunRecord
  | EvaluationRecord
  | ResultRecord
  | (ComparisonRecord & { readonly type: 'comparison' })

/**
 * A method's losses over the seeds, with everything needed to run it again: a line of `--json`, and of
 * `metrics.jsonl` after the method's last result.
 */
export interface ComparisonRecord extends LossSummary {
  readonly task: string
  readonly method: string
  readonly format: string
  readonly block: string
  /** Bits a weight, with its share of the scale, by quantized parameter. */
  readonly bitsPerWeight: Readonly<Record<string, number>>
  readonly seeds: number
  /** The numbers of the method: its strength, and what else tells its family apart. */
  readonly numbers: Readonly<Record<string, number>>
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
  readonly evaluations: readonly EvaluationRecord[]
  /** What the cast weights of the last seed make: method → text. */
  readonly texts: Readonly<Record<string, string>>
}
