// Scales of two levels: a number a block times one a tensor. Comes in: both, and what they were chosen from.
// Goes out: the weight in grid units. Source: NVIDIA's NVFP4 two-level scale.

import type { Lane, Scaled } from '@lotion/core'
import { divisor } from './absmax.js'

/** x = w / (block · tensor); the scale follows the block's maximum, the first of the statistics. */
export function twoLevels(
  w: Lane,
  [amax, tensorMax]: readonly [Lane, Lane],
  factors: Required<Scaled>['factors'],
): Scaled {
  const scale = factors.block.mul(factors.tensor)
  return { x: w.div(divisor(scale)), scale, statistics: [amax, tensorMax], follows: amax, factors }
}
