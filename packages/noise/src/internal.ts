// What sister packages need of @lotion/noise: no promise, it may change in any release.
export { pairWarning } from './explain.js'
export { noiseClaims } from './noise-claims.js'
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
