// The public surface of @lotion/noise.
export * from './additive-noise.js'
export * from './built-in.js'
export * from './built-in-noises.js'
export * from './define-noise.js'
export * from './explain.js'
export * from './local-step.js'
export {
  drawnCasts,
  largestJump,
  meanCasts,
  nearestCasts,
  strata,
  type Jump,
  type MeanCasts,
  type Pair,
  type WeightBlocks,
} from './pair-values.js'
export * from './tukey-lambda.js'
