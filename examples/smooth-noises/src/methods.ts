// What is compared. Comes in: a format, a Fisher, λ. Goes out: methods by name.

import type { FisherEstimator, NumberFormat } from '@lotion/core'
import { dithered, gaussian, randomizedRounding, smoothstep, spread, uniformDither } from '@lotion/noise'
import { annealed, linear, lotion, ptq, qat, type LotionOptions, type Method } from '@lotion/optim'

/** LOTION's settings but the noise. */
export interface Setting {
  readonly format: NumberFormat
  readonly fisher: FisherEstimator
  readonly lambda: NonNullable<LotionOptions['lambda']>
}

/**
 * Baselines, and LOTION's penalty under every noise. The comparison is of noises, so warnings about pairs are
 * not news.
 */
export function methodsOf({ format, fisher, lambda }: Setting): readonly (readonly [string, Method])[] {
  const noises: readonly (readonly [string, NonNullable<LotionOptions['noise']>])[] = [
    ['randomizedRounding', randomizedRounding],
    ['dithered(0.1)', dithered(0.1)],
    ['dithered(0.3)', dithered(0.3)],
    ['dithered(1)', dithered(1)],
    ['dithered, width 0.3 → 0', annealed(dithered, linear(0.3, 0))],
    ['dithered, width 1 → 0', annealed(dithered, linear(1, 0))],
    ['smoothstep, second moment', smoothstep],
    ['spread(0.5)', spread(0.5)],
    ['uniformDither', uniformDither],
    ['gaussian', gaussian()],
  ]
  return [
    ['PTQ', ptq({ format })],
    ['QAT', qat({ format })],
    ...noises.map(
      ([name, noise]) => [name, lotion({ format, fisher, lambda, noise, onWarning: () => {} })] as const,
    ),
  ]
}
