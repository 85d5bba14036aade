// A weight on its format's grid, and what rounding makes of it. Comes in: a format and a weight, in a formula
// whose layout has the format's blocks. Goes out: lanes. Source: docs/design/03-formats-and-methods.md;
// casts, laws and penalties all start here.

import type { Lane } from './lanes/lane.js'
import type { Noise, NumberFormat, Scaled, Site } from './plugins.js'
import { nearestPoint } from './site.js'

/** A weight's place in its block: scale, neighbours, and what the scale knows of the weights. */
export interface Located extends Omit<Scaled, 'x'> {
  /** Where the weight stands on the grid, in scaled units. */
  readonly site: Site
}

/**
 * Locate a weight on the format's grid, inside a lane function whose layout has the format's blocks.
 * @param format Its scale rule scales the weight, its grid finds the neighbours.
 * @param w The weights, not scaled yet.
 */
export function locate(format: NumberFormat, w: Lane): Located {
  const { x, ...scaled } = format.scale.scaled(w, format.grid)
  return { ...scaled, site: format.grid.around(x, scaled.isBounded) }
}

/** The nearest representable weight, ties to the even code. @param located What `locate` found. */
export function nearestCast({ site, scale }: Located): Lane {
  return nearestPoint(site).mul(scale)
}

/** The weight that a noise draws with u in [0, 1). */
export function drawnCast({ site, scale }: Located, noise: Noise, u: Lane): Lane {
  return noise.sample(site, u).mul(scale)
}

/**
 * σ² = scale² · Var[q | x]: the mean squared error of a drawn cast, in units of the weights squared.
 * @param located What `locate` found.
 * @param noise The law whose variance is taken.
 * @example
 * ```ts
 * import { castVariance, defineLanes, evaluate, locate } from '@lotion/core'
 * import { int4 } from '@lotion/formats'
 * import { randomizedRounding } from '@lotion/noise'
 *
 * const fn = defineLanes({
 *   name: 'variance',
 *   inputs: ['w'],
 *   outputs: ['variance'],
 *   body: ({ w }) => ({ variance: castVariance(locate(int4, w), randomizedRounding) }),
 * })
 * console.log(evaluate([{ fn, inputs: { w: [0.31, -1.2] } }]))
 * ```
 */
export function castVariance({ site, scale }: Located, noise: Noise): Lane {
  return noise.variance(site).mul(scale).mul(scale)
}
