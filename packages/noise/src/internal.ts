// What sister packages need of @lotion/noise: no promise, it may change in any release.
export { noiseClaims } from './define-noise.js'
export { pairWarning } from './explain.js'
export {
  drawnCasts,
  largestJump,
  meanCasts,
  nearestCasts,
  strata,
  type Jump,
  type MeanCasts,
  type WeightBlocks,
} from './pair-values.js'
