// Transformation: bound the norm of the whole gradient. Comes in: a gradient. Goes out: the gradient, shortened.
// Source: Pascanu et al. 2013, algorithm 1, over all parameters together as in optax.

import type { Transformation } from '@lotion/core'
import { defineTransformation } from './transformation.js'

/** Scale by min(1, limit / ‖g‖), the norm taken over all parameters. @throws unless the limit is positive. */
export function clipByGlobalNorm(limit: number): Transformation {
  if (!(limit > 0)) throw new RangeError(`limit: expected a positive number, found ${limit}`)
  return defineTransformation({
    name: 'clip',
    update: ({ update }) => {
      const norm = update!.mul(update!).total('clip: squared norm').sqrt()
      // Dividing by max(‖g‖ / limit, 1) leaves short gradients exactly as they are and never divides by 0.
      return { update: update!.div(norm.div(limit).max(1)) }
    },
  })
}
