// The public surface of @lotion/noise.
export * from './additive-noise.js'
export * from './built-in.js'
export * from './built-in-noises.js'
export * from './define-noise.js'
export { type PairVerdict, explain } from './explain.js'
export * from './local-step.js'
export type { Pair } from './pair-values.js'
export * from './tukey-lambda.js'
