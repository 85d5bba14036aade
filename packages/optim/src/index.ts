// The public surface of @lotion/optim.
export * from './accumulate.js'
export * from './add-decayed-weights.js'
export { annealed, type AnnealedNoise } from './annealed-noise.js'
export * from './built-in-methods.js'
export * from './built-in-optimizers.js'
export {
  defineCallback,
  type Callback,
  type CallbackControl,
  type CallbackEvent,
  type JsonValue,
} from './callback.js'
export type { CastPoint } from './cast-point.js'
export { castTree, type CastMoment, type CastTreeOptions } from './cast-tree.js'
export * from './catalogues.js'
export * from './clip-by-global-norm.js'
export * from './clip-by-norm.js'
export * from './clip-by-value.js'
export * from './early-stopping.js'
export * from './ema.js'
export * from './every.js'
export * from './exponential.js'
export type * from './family-contexts.js'
export {
  fit,
  type FitOptions,
  type ResumePoint,
  type StepEvent,
  type StepMeasures,
  type Stopped,
  type StopSignal,
} from './fit.js'
export * from './hessian-probe.js'
export * from './per-example-square.js'
export * from './sampled-gradient.js'
export type { SignalMemory } from './with-signal.js'
export * from './format-rules.js'
export * from './join-schedules.js'
export * from './method.js'
export type { NamePattern } from './name-pattern.js'
export type { NumberRange } from './number-range.js'
export {
  byName,
  everything,
  quantizedAxes,
  type ByNameOptions,
  type QuantizeAnswer,
  type QuantizedAxes,
  type QuantizeRule,
} from './quantize-rule.js'
export * from './one-cycle.js'
export * from './partition.js'
export { fitPhases, type FitPhasesOptions, type Phases } from './phases.js'
export * from './piecewise.js'
export * from './polynomial.js'
export * from './schedule.js'
export { scheduleFreeWeights, type ScheduleFreeWeightsOptions } from './schedule-free-weights.js'
export * from './smoothing.js'
export * from './step-numbers.js'
export { defineTransformation } from './define-transformation.js'
export { chain, masked, quantized } from './transformation.js'
export type { TransformationDefinition } from './define-transformation.js'
export * from './trainable.js'
export * from './trained-values.js'
export type { StepRates } from './step-rates.js'
export * from './updater.js'
export * from './warmup-stable-decay.js'
export type { StateMoment } from './weights-from-state.js'
export * from './with-callbacks.js'
