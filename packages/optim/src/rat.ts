// Method: rounding-aware training. Comes in: a format and a noise. Goes out: a method.
// Source: the baseline RAT of LOTION (arXiv 2510.08757).

import { castSample, defineFamily, type Noise, type NumberFormat } from '@lotion/core'
import { checkFormat, refuseUnknownKeys } from '@lotion/core/internal'
import { randomizedRounding } from '@lotion/noise'
import { checkNoise } from './check-plugins.js'
import type { MethodContext } from './family-contexts.js'
import { defineMethod, type Method } from './method.js'

/** What `rat` takes; all but the format has a default. */
export interface RatOptions {
  /** What the weights are cast to where the gradient is taken. */
  readonly format: NumberFormat
  /** Default: randomized rounding. */
  readonly noise?: Noise
}

/**
 * Take the gradient at a random cast, drawn anew each step, and apply it to the weights.
 * @param options Format and noise; draws come of the run's seed.
 * @throws TypeError if an option is unknown, format or noise is none, or the noise is an annealed one.
 * @example
 * ```ts
 * import { int4 } from '@lotion/formats'
 * import { adamw, everything, rat, withMethod } from '@lotion/optim'
 *
 * const method = rat({ format: int4 })
 * console.log(withMethod(method, adamw({ learningRate: 1e-3 }), everything).slots)
 * ```
 */
export function rat(options: RatOptions): Method {
  refuseUnknownKeys('rat', options, { format: true, noise: true })
  const { format, noise = randomizedRounding } = options
  checkFormat('rat: format', format)
  checkNoise('rat: noise', noise)
  if ('law' in noise)
    throw new TypeError(
      'rat: noise: expected one of a fixed width, found an annealed one; give the noise itself',
    )
  return defineMethod({
    name: 'rat',
    format,
    point: castSample(format, noise),
    for: (other) => rat({ ...options, format: other }),
    settings: { noise: noise.name },
  })
}

/** `rat` by name. */
export const ratFamily = defineFamily({
  name: 'rat',
  summary:
    'Takes the gradient at a random cast of the weights and applies it to the weights themselves (straight-through).',
  make: (_, { format, noise }: MethodContext) => rat({ format, ...(noise ? { noise } : {}) }),
})
