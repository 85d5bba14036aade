// The public surface of @lotion/noise.
export * from './additive-noise.js'
export * from './define-noise.js'
export * from './dithered.js'
export * from './explain.js'
export * from './gaussian.js'
export * from './local-step.js'
export * from './logistic.js'
export * from './nearest.js'
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
export * from './randomized-rounding.js'
export * from './smoothstep.js'
export * from './spread.js'
export * from './tukey-lambda.js'
export * from './uniform-dither.js'
