// What optimizers and methods are made from besides their own numbers. Comes in: nothing. Goes out: types
// only.
// Source: docs/design/01-architecture.md (catalogues).

import type { FisherEstimator, Noise, NumberFormat } from '@lotion/core'
import type { Schedule } from './schedule.js'

/** What every optimizer is made from. */
export interface OptimizerContext {
  /** Step size, above 0; a schedule may end at 0. */
  readonly learningRate: number | Schedule
}

/** What every method is made from; those without a penalty leave most of it. */
export interface MethodContext {
  /** What the weights are trained for. */
  readonly format: NumberFormat
  /** Default: the method's own. */
  readonly noise?: Noise
  /** Default: the method's own. */
  readonly fisher?: FisherEstimator
  /** Differentiate through the block's scale. Default true. */
  readonly scaleGradient?: boolean
  /** How a penalty's strength goes along the run. Default: it is constant. */
  readonly along?: (lambda: number) => number | Schedule
}
