// What schedules say of a step: learning rate and strength of the method. Comes in: what is left of a
// transformation for each parameter. Goes out: two numbers a step, for records.
// Source: the scalars of its parts; docs/design/03-formats-and-methods.md.

import type { Quantized, StepInfo, Transformation } from '@lotion/core'

/** What schedules say of a step. */
export interface StepRates {
  /** The step size of the optimizer; absent if it declares none. */
  readonly learningRate?: number
  /** λ: the factor of the method's penalty or correction; absent if it has none. */
  readonly lambda?: number
}

/** Scalars that hold a method's strength: of a penalty, of a correction. */
const strengths = ['lambda', 'strength']

/** The rates of a step, of the first parameter that has them; quantized ones are asked first. */
export function ratesOf(
  plans: readonly { readonly part: Transformation; readonly quantized: Quantized | null | undefined }[],
): (at: StepInfo) => StepRates {
  const parts = [...plans]
    .sort((a, b) => Number(!a.quantized) - Number(!b.quantized))
    .flatMap(({ part }) => part.parts ?? [part])
  const stepping = parts.find(({ stepSize }) => stepSize !== undefined)
  return (at) => {
    const lambda = firstOf(parts, at)
    const learningRate = stepping?.scalars(at)[stepping.stepSize!]
    return {
      ...(learningRate === undefined ? {} : { learningRate }),
      ...(lambda === undefined ? {} : { lambda }),
    }
  }
}

function firstOf(parts: readonly Transformation[], at: StepInfo): number | undefined {
  for (const part of parts) {
    if (part.stepSize !== undefined) continue
    const scalars = part.scalars(at)
    const name = strengths.find((each) => scalars[each] !== undefined)
    if (name !== undefined) return scalars[name]
  }
  return undefined
}
