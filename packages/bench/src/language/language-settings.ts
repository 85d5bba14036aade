// Settings of a language-model comparison, the same for every method. Comes in: overrides. Goes out: settings.
// Source: docs/design/04-bench.md says how the defaults were found.

/** What all methods of a comparison share. */
export interface LanguageSettings {
  readonly steps: number
  /** Sequences a step. */
  readonly batch: number
  /** Tokens a sequence. */
  readonly context: number
  readonly dimension: number
  readonly layers: number
  readonly heads: number
  readonly hidden: number
  /** Peak learning rate of AdamW; warm-up over 5 % of the run, then a cosine to 0. */
  readonly learningRate: number
  readonly weightDecay: number
  /** Limit of the gradient's norm. */
  readonly clip: number
  /** Evaluations over the run, the last step's included. */
  readonly evaluations: number
  /** Validation sequences. */
  readonly validationWindows: number
  /** Randomized roundings at the end. */
  readonly casts: number
}

/** The quickstart's settings. */
export const languageDefaults: LanguageSettings = Object.freeze({
  steps: 2000,
  batch: 16,
  context: 64,
  dimension: 64,
  layers: 2,
  heads: 4,
  hidden: 192,
  learningRate: 1e-2,
  weightDecay: 0.1,
  clip: 1,
  evaluations: 10,
  validationWindows: 256,
  casts: 8,
})
