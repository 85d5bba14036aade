// What a language run leaves behind: one record an evaluation, one for the run. Comes in: nothing. Goes out: types.
// Source: docs/design/04-bench.md. Everything that differs between two runs of the same seed stands under `timing`.

/** Times, apart from the numbers that a seed determines. */
export interface Timing {
  /** ISO 8601. */
  readonly at: string
  /** Seconds of training since the method's start, evaluations left out. */
  readonly trainingSeconds: number
  /** Of the steps after the first, which may trace and check the model. */
  readonly tokensPerSecond: number
}

/** One evaluation of one method. Losses are nats per token on the validation speeches. */
export interface EvaluationRecord {
  readonly type: 'evaluation'
  readonly method: string
  readonly seed: number
  readonly step: number
  readonly tokens: number
  /** Mean training loss since the last evaluation, at the method's point; null at step 0. */
  readonly training: number | null
  readonly fullPrecision: number
  /** After the nearest cast. */
  readonly nearest: number
  readonly timing: Timing
}

/** The first line of `metrics.jsonl`: what was run. */
export interface RunRecord {
  readonly type: 'run'
  readonly command: string
  readonly seed: number
  readonly config: Readonly<Record<string, unknown>>
  readonly versions: Readonly<Record<string, string>>
  readonly timing: Pick<Timing, 'at'>
}

/** The last line of each method: where its weights ended. */
export interface ResultRecord {
  readonly type: 'result'
  readonly method: string
  readonly seed: number
  readonly settings: Readonly<Record<string, string | number | boolean>>
  readonly steps: number
  readonly tokens: number
  readonly fullPrecision: number
  readonly nearest: number
  /** Mean over `casts` randomized roundings. */
  readonly randomized: number
  readonly casts: number
  readonly timing: Timing
}

/** A line of `metrics.jsonl`. */
export type MetricsRecord = RunRecord | EvaluationRecord | ResultRecord
