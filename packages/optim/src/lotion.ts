// Method: LOTION, the smoothed quantized loss. Comes in: format, noise, Fisher, λ. Goes out: a method.
// Source: LOTION (arXiv 2510.08757).

import type { FisherEstimator, Noise, NumberFormat } from '@lotion/core'
import { empirical } from '@lotion/fisher'
import { randomizedRounding } from '@lotion/noise'
import { defineMethod, type Method } from './method.js'
import { smoothing } from './smoothing.js'
import type { Schedule } from './schedule.js'

/** What `lotion` takes; all but the format has a default. */
export interface LotionOptions {
  readonly format: NumberFormat
  /** Default: randomized rounding. */
  readonly noise?: Noise
  /** Default: the empirical Fisher with long memory. */
  readonly fisher?: FisherEstimator
  /**
   * Strength λ ≥ 0 of the penalty, in units of F per loss term. Default 1, constant: right for noisy training; for
   * deterministic problems ramp it over the run, `linear(0, 1)`.
   */
  readonly lambda?: number | Schedule
  /** Differentiate through the block's scale. Default true. */
  readonly scaleGradient?: boolean
}

/** Descend L(w) + λ · ½ Σ F σ²(w) instead of the staircase L(cast(w)). @throws if λ is negative or not finite. */
export function lotion({
  format,
  noise = randomizedRounding,
  fisher = empirical(),
  lambda = 1,
  scaleGradient = true,
}: LotionOptions): Method {
  return defineMethod({
    name: 'lotion',
    format,
    penalty: smoothing({ format, noise, fisher, lambda, scaleGradient }),
    settings: {
      noise: noise.name,
      fisher: fisher.name,
      lambda: typeof lambda === 'number' ? lambda : 'schedule',
      scaleGradient,
    },
  })
}
