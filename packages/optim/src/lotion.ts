// Method: LOTION, the smoothed quantized loss. Comes in: format, noise, Fisher, λ. Goes out: a method.
// Source: LOTION (arXiv 2510.08757).

import type { FisherEstimator, Noise, NumberFormat } from '@lotion/core'
import { empirical } from '@lotion/fisher'
import { randomizedRounding } from '@lotion/noise'
import { initialNoise, type AnnealedNoise } from './annealed-noise.js'
import { pairWarning } from './explain.js'
import { defineMethod, type Method } from './method.js'
import { smoothing } from './smoothing.js'
import type { Schedule } from './schedule.js'

/** What LOTION is made of. */
export interface LotionOptions {
  readonly format: NumberFormat
  /** A noise, or one whose width a schedule sets: `annealed(dithered, linear(1, 0))`. Default: randomized rounding. */
  readonly noise?: Noise | AnnealedNoise
  /** Default: the empirical Fisher with long memory. */
  readonly fisher?: FisherEstimator
  /**
   * Strength λ ≥ 0 of the penalty, in units of F per loss term. Default 1, constant: right for noisy training; for
   * deterministic problems ramp it over the run, `linear(0, 1)`.
   */
  readonly lambda?: number | Schedule
  /** Differentiate through the block's scale. Default true. */
  readonly scaleGradient?: boolean
  /** Told in words if format and noise together break the theory; see `explain`. Default: `console.warn`, once a pair. */
  readonly onWarning?: (message: string) => void
}

/** Descend L(w) + λ · ½ Σ F σ²(w) instead of the staircase L(cast(w)). @throws if λ is negative or not finite. */
export function lotion({
  format,
  noise = randomizedRounding,
  fisher = empirical(),
  lambda = 1,
  scaleGradient = true,
  onWarning = warnOnce,
}: LotionOptions): Method {
  const warning = pairWarning(format, initialNoise(noise))
  if (warning !== undefined) onWarning(warning)
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

const told = new Set<string>()

/** Write a message to the console the first time it comes. */
function warnOnce(message: string): void {
  if (told.has(message)) return
  told.add(message)
  console.warn(`lotion: ${message}`)
}
