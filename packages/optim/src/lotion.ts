// Method: LOTION, the smoothed quantized loss. Comes in: format, noise, Fisher, λ. Goes out: a method.
// Source: LOTION (arXiv 2510.08757).

import { defineFamily, type FisherEstimator, type Noise, type NumberFormat } from '@lotion/core'
import { checkFormat, oneOf, refuseUnknownKeys } from '@lotion/core/internal'
import { empirical } from '@lotion/fisher'
import { randomizedRounding } from '@lotion/noise'
import { pairWarning } from '@lotion/noise/internal'
import { initialNoise, type AnnealedNoise } from './annealed-noise.js'
import { checkFisher, checkNoise } from './check-plugins.js'
import type { MethodContext } from './family-contexts.js'
import { defineMethod, type Method } from './method.js'
import { smoothing } from './smoothing.js'
import type { Schedule } from './schedule.js'
import { warnOnce } from './warn-once.js'

/** What LOTION is made of. */
export interface LotionOptions {
  /** The format whose quantized loss is smoothed. */
  readonly format: NumberFormat
  /** A noise; of scheduled width: `annealed(dithered, linear(1, 0))`. Default: randomized rounding. */
  readonly noise?: Noise | AnnealedNoise
  /** Default: the empirical Fisher with long memory. */
  readonly fisher?: FisherEstimator
  /**
   * Strength λ ≥ 0 of the penalty, in units of F per loss term. Default 1, constant: right for noisy
   * training; for deterministic problems ramp it over the run, `linear(0, 1)`.
   */
  readonly lambda?: number | Schedule
  /** Differentiate through the block's scale. Default true. */
  readonly scaleGradient?: boolean
  /**
   * Told in words if format and noise together break the theory; see `explain` of @lotion/noise. Default:
   * `console.warn`, once a pair.
   */
  readonly onWarning?: (message: string) => void
}

const optionNames: Readonly<Record<keyof LotionOptions, true>> = {
  format: true,
  noise: true,
  fisher: true,
  lambda: true,
  scaleGradient: true,
  onWarning: true,
}

/**
 * Descend L(w) + λ · ½ Σ F σ²(w) instead of the staircase L(cast(w)).
 * @param options Format, noise, Fisher and λ; all but the format have defaults.
 * @throws TypeError if an option is unknown, or format, noise or Fisher is none; RangeError if λ is negative
 * or not finite, or `scaleGradient` neither true nor false.
 * @example
 * ```ts
 * import { int4 } from '@lotion/formats'
 * import { adamw, everything, lotion, withMethod } from '@lotion/optim'
 *
 * const method = lotion({ format: int4, lambda: 0.3 })
 * console.log(withMethod(method, adamw({ learningRate: 1e-3 }), everything).slots)
 * ```
 */
export function lotion(options: LotionOptions): Method {
  refuseUnknownKeys('lotion', options, optionNames)
  const { format, noise = randomizedRounding, fisher = empirical(), lambda = 1 } = options
  const { scaleGradient = true, onWarning = warnOnce } = options
  checkFormat('lotion: format', format)
  checkNoise('lotion: noise', noise)
  checkFisher('lotion: fisher', fisher)
  oneOf('scaleGradient', scaleGradient, [true, false])
  const warning = pairWarning(format, initialNoise(noise))
  if (warning !== undefined) onWarning(warning)
  return defineMethod({
    name: 'lotion',
    format,
    penalty: smoothing({ format, noise, fisher, lambda, scaleGradient }),
    for: (other) => lotion({ ...options, format: other }),
    settings: {
      noise: noise.name,
      fisher: fisher.name,
      lambda: typeof lambda === 'number' ? lambda : 'schedule',
      scaleGradient,
    },
  })
}

/** The methods of `lotion`, by the strength of the penalty. */
export const lotionFamily = defineFamily({
  name: 'lotion',
  summary:
    'Trains the mean of the loss over random casts, by a penalty that draws each weight to the grid as far as the loss minds its rounding.',
  numbers: { lambda: { default: 1, min: 0, tries: [0.1, 0.3, 1, 3] } },
  make: ({ lambda }, { format, noise, fisher, scaleGradient, along }: MethodContext) =>
    lotion({
      format,
      lambda: along ? along(lambda) : lambda,
      ...(noise ? { noise } : {}),
      ...(fisher ? { fisher } : {}),
      ...(scaleGradient === undefined ? {} : { scaleGradient }),
    }),
})
