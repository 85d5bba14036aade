// Method: CAGE, a pull towards the grid late in training. Comes in: a format and a strength. Goes out: a
// method.
// Source: CAGE (arXiv 2510.18784), algorithm 1 with decoupled correction.

import { castNearest, locate, nearestCast, defineFamily, type NumberFormat } from '@lotion/core'
import { checkFormat, refuseUnknownKeys } from '@lotion/core/internal'
import type { MethodContext } from './family-contexts.js'
import { defineMethod, type Method } from './method.js'
import { fraction, nonNegative, numberIn } from './number-range.js'
import type { Schedule } from './schedule.js'
import { defineTransformation } from './define-transformation.js'

/** What `cage` takes; all but the format has a default. */
export interface CageOptions {
  /** What weights are cast to and pulled towards. */
  readonly format: NumberFormat
  /** Final strength of the pull, at least 0. Default 1. */
  readonly lambda?: number
  /** Fraction of the run without a pull, in [0, 1); then it grows linearly to `lambda`. Default .8. */
  readonly silence?: number
}

/**
 * Straight-through training; in the last part of the run update ← update − lr · λ_t · (w − cast(w)), with
 * λ_t = 0 for t / T ≤ silence and then λ (t / T − silence) / (1 − silence), t = 1 … T.
 * @param options Format; strength λ ≥ 0; share of the run before it begins, in [0, 1).
 * @throws TypeError if an option is unknown or the format is none, RangeError if a number is out of its
 * range; by `createUpdater`, TypeError if a parameter's optimizer declares no `stepSize`.
 * @example
 * ```ts
 * import { int4 } from '@lotion/formats'
 * import { adamw, everything, cage, withMethod } from '@lotion/optim'
 *
 * const method = cage({ format: int4 })
 * console.log(withMethod(method, adamw({ learningRate: 1e-3 }), everything).slots)
 * ```
 */
export function cage(options: CageOptions): Method {
  refuseUnknownKeys('cage', options, { format: true, lambda: true, silence: true })
  const { format, lambda = 1, silence = 0.8 } = options
  checkFormat('cage: format', format)
  numberIn(nonNegative, 'lambda', lambda)
  numberIn(fraction, 'silence', silence)
  const strength: Schedule = ({ step, steps }) =>
    lambda * Math.max(0, ((step + 1) / steps - silence) / (1 - silence))
  return defineMethod({
    name: 'cage',
    format,
    point: castNearest(format),
    for: (other) => cage({ ...options, format: other }),
    settings: { lambda, silence },
    correction: ({ stepSize }) =>
      defineTransformation({
        name: 'cage',
        borrows: { rate: stepSize },
        scalars: (at) => ({ strength: strength(at) }),
        block: format.block,
        update: ({ w, update, rate, strength: pull }) => {
          const off = w.sub(nearestCast(locate(format, w)))
          return { update: update.sub(off.mul(pull.mul(rate))) }
        },
      }),
  })
}

/** The methods of `cage`, by the final strength of the pull. */
export const cageFamily = defineFamily({
  name: 'cage',
  summary: 'QAT that, in the last part of a run, pulls each weight towards its cast.',
  numbers: {
    lambda: { default: 1, min: 0, tries: [0.03, 0.1, 0.3, 1, 3] },
    silence: { default: 0.8, min: 0, below: 1 },
  },
  make: ({ lambda, silence }, { format }: MethodContext) => cage({ format, lambda, silence }),
})
