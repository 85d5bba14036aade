// Method: learned step size. Comes in: a format. Goes out: a method that trains each block's clipping bound
// beside the weights.
// Source: LSQ, Esser et al. 2019 (arXiv 1902.08153), as others tell it: the slope of the step, and its scale
// 1/√(N · Q_P); the bound in place of the step: docs/design/03-formats-and-methods.md, "Trained values".

import { defineFamily, locate, nearestCast, type Lane, type NumberFormat } from '@lotion/core'
import { checkFormat, refuseUnknownKeys } from '@lotion/core/internal'
import { bestBound, clipped } from './clip-bound.js'
import type { MethodContext } from './family-contexts.js'
import { defineMethod, type Method } from './method.js'
import { numberIn, positive } from './number-range.js'
import { defineTrainedValues } from './trained-values.js'

/** What `lsq` takes; all but the format has a default. */
export interface LsqOptions {
  /** What is trained for; its scales must follow from the weights. */
  readonly format: NumberFormat
  /** Learning rate of the bounds' logarithms in units of the optimizer's, above 0. Default 1. */
  readonly rate?: number
}

/** The bound stays within so small a part of the largest magnitude: a block never vanishes. */
const LEAST = 2 ** -10

/**
 * Straight-through training with a trained step: the gradient is taken at q = cast(clip(w, ±b)), b one number
 * a block, so that its step is that of the largest weight that is left: at most b / top. With g = ∂L/∂q
 *
 *     ∂L/∂w = g where |w| ≤ b, 0 beyond      ∂L/∂log b = Σ_inside g (q − w) + Σ_beyond g · sign(w) b,
 *
 * the rounding error in units of b being held: the slope of LSQ, also where a format rounds its scales.
 * The logarithm's gradient is divided by √(N · top), N weights a block, and stepped by the run's optimizer. b
 * begins at the least squared error and stays below the block's largest magnitude. A run ends with clip(w,
 * ±b): any cast of these is a cast by the learned step.
 * @param options Format, and the bounds' learning rate.
 * @throws TypeError if an option is unknown or the format is none; RangeError if the rate is not above 0, or
 * the format's scale is fixed.
 * @example
 * ```ts
 * import { int4 } from '@lotion/formats'
 * import { adamw, everything, lsq, withMethod } from '@lotion/optim'
 *
 * const method = lsq({ format: int4 })
 * console.log(withMethod(method, adamw({ learningRate: 1e-3 }), everything).slots)
 * ```
 */
export function lsq(options: LsqOptions): Method {
  refuseUnknownKeys('lsq', options, { format: true, rate: true })
  const { format, rate = 1 } = options
  checkFormat('lsq: format', format)
  numberIn(positive, 'rate', rate)
  if (format.scale.bits === 0)
    throw new RangeError(
      `lsq: format: expected a scale that follows the weights, found ${format.scale.name} of ${format.name}, which nothing can train; use qat`,
    )
  if (format.scale.claims.saturates)
    throw new RangeError(
      `lsq: format: expected a scale that covers the weights, found ${format.scale.name} of ${format.name}, which clips below the bound that is trained; lsq finds the best clip itself`,
    )
  const castOf = (w: Lane, bound: Lane): Lane => nearestCast(locate(format, clipped(w, bound)))
  return defineMethod({
    name: 'lsq',
    format,
    trains: defineTrainedValues({
      values: {
        bound: {
          initial: (w) => bestBound(format, w),
          moves: 'product',
          rate,
          slope: (slope, w) => slope.div(ones(w).blockSum().mul(format.grid.points.at(-1)!).sqrt()),
          kept: (bound, w) => {
            const largest = w.abs().blockMax()
            const within = bound.max(largest.mul(LEAST)).min(largest)
            // A block of zeros that wakes begins anew.
            return bound.mul(-1).less(0, within, largest)
          },
        },
      },
      settled: ({ w, bound }) => clipped(w!, bound!),
      through: ({ w, bound }) => {
        const inside = clipped(w!, bound!)
        const error = castOf(w!, bound!)
          .sub(inside)
          .div(bound!.mul(-1).less(0, bound!, 1))
        return { at: inside.add(bound!.mul(error)), hold: [error] }
      },
    }),
    for: (other) => lsq({ ...options, format: other }),
    settings: { rate },
  })
}

/** A lane of 1. */
const ones = (w: Lane): Lane => w.less(Infinity, 1, 1)

/** The methods of `lsq`, by the learning rate of their bounds. */
export const lsqFamily = defineFamily({
  name: 'lsq',
  summary: 'QAT that clips each block at a bound which it trains beside the weights.',
  numbers: { rate: { default: 1, above: 0 } },
  make: ({ rate }, { format }: MethodContext) => lsq({ format, rate }),
})
