// The numbers of a step that are one for all parameters: learning rate and λ. Comes in: what a run is made
// of, and its events. Goes out: numbers, as the step itself used them.
// Source: docs/design/03-formats-and-methods.md (callbacks).

import type { FitOptions, StepEvent } from './fit.js'
import { withMethod } from './method.js'
import { resolved } from './transformation.js'

/** Numbers of a step; one that differs between parameters, or does not exist, is left out. */
export interface StepNumbers {
  /** The step size that the optimizer declares. */
  readonly learningRate?: number
  /** Strength of the penalty. */
  readonly lambda?: number
}

/**
 * Tell learning rate and λ of the steps of a run. They are computed again from its schedules: exactly those
 * that the update used. A skipped step has none.
 * @param run The options that `fit` is given.
 * @example
 * ```ts
 * import { int4 } from '@lotion/formats'
 * import { adamw, byName, cosine, lotion, stepNumbers } from '@lotion/optim'
 *
 * const numbers = stepNumbers({
 *   shapes: { weight: [2, 32] },
 *   method: lotion({ format: int4 }),
 *   quantize: byName(),
 *   optimizer: adamw({ learningRate: cosine(0.05) }),
 * })
 * const { learningRate, lambda } = numbers({ step: 1, steps: 200, skipped: 0, updated: true })
 * console.log(learningRate, lambda) // 0.05, 1
 * ```
 */
export function stepNumbers<A>({
  method,
  optimizer,
  quantize,
  before,
  shapes,
}: Pick<FitOptions<A>, 'method' | 'optimizer' | 'quantize' | 'before' | 'shapes'>): (
  event: Pick<StepEvent<A>, 'step' | 'steps' | 'skipped' | 'updated'>,
) => StepNumbers {
  const whole = withMethod(method, optimizer, quantize, before)
  const plans = Object.entries(shapes).map(([name, shape]) => resolved(whole, { name, shape })?.parts ?? [])
  return ({ step, steps, skipped, updated }) => {
    if (!updated) return {}
    const update = step - skipped - 1
    const at = { step: update, steps: steps - skipped, terms: 1, updates: update }
    const rates = plans.flatMap((parts) => {
      const part = parts.findLast(({ stepSize }) => stepSize !== undefined)
      return part ? [part.scalars(at)[part.stepSize!]] : []
    })
    const strengths = plans.flatMap((parts) => parts.flatMap((part) => part.scalars(at)['lambda'] ?? []))
    const [learningRate, lambda] = [rates, strengths].map(common)
    return {
      ...(learningRate === undefined ? {} : { learningRate }),
      ...(lambda === undefined ? {} : { lambda }),
    }
  }
}

/** The value that all have. */
const common = ([first, ...others]: readonly (number | undefined)[]): number | undefined =>
  others.every((other) => other === first) ? first : undefined
