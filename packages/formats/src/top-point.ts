// The largest point of a grid: what block maxima are scaled to. Comes in: a grid. Goes out: a number.
// Source: LOTION.

import type { Grid } from '@lotion/core'

/** The largest point of a grid. */
export function topPoint({ points }: Pick<Grid, 'points'>): number {
  return points[points.length - 1]!
}
