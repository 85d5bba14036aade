// The public surface of @lotion/bench; its commands are in commands/.
export { defineTrainConfig, type TrainConfig } from './commands/train-config.js'
export { sharedOptions } from './commands/shared-options.js'
export type { ModelContext, TrainedModel } from './language/text-model.js'
export type * from './records.js'
export { comparisonText, type TableLayout } from './report/comparison-table.js'
export { renderReport, type Report } from './report/render-report.js'
export type { Commit } from './run-files/commit.js'
export * from './run-files/versions.js'
export type * from './runs/cast-losses.js'
export {
  compareMethods,
  type ComparedMethod,
  type Comparison,
  type ComparisonObserver,
} from './runs/comparison.js'
export type { ComparisonPlan, PlannedMethod } from './runs/comparison-plan.js'
export { jobPool, type JobObserver, type JobPool, type JobPoolOptions } from './runs/job-pool.js'
export type {
  ChosenMethod,
  LaterPhase,
  MethodChoice,
  MethodParts,
  Numbers,
  Setting,
} from './runs/method-choice.js'
export type { FormatRule, ParameterRules } from './runs/parameter-rules.js'
export type { StoreOptions } from './runs/job-store.js'
export type { ClockState } from './runs/run-clock.js'
export type { JobResult, RunJob, RunSettings, TaskChoice } from './runs/run-job.js'
export * from './runs/run-once.js'
export type * from './runs/run-options.js'
export type { CodesSeen, GridSeen, Histogram, ParameterSeen, WeightsSeen } from './runs/observed-weights.js'
export { summarizeLosses, type LossSummary, type Summary } from './runs/summary.js'
export type { Trial } from './runs/tune.js'
export * from './tasks/built-in.js'
export * from './tasks/built-in-tasks.js'
export { defineTask, valuesOf } from './tasks/task.js'
export type * from './tasks/data-facts.js'
export type * from './tasks/task.js'
