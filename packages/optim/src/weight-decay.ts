// Which parameters decay. Comes in: a rule. Goes out: a transformation that decays those alone.
// Source: docs/design/03-formats-and-methods.md (optimizers).

import type { ParameterInfo, Transformation } from '@lotion/core'
import { transformationOf } from './define-transformation.js'
import { nonNegative, numberIn } from './number-range.js'

/** Matrices and convolutions, not norms and biases. */
export const matricesDecay = ({ shape }: ParameterInfo): boolean => shape.length >= 2

/** How strongly weights decay, and which. */
export interface DecayOptions {
  readonly weightDecay: number
  readonly decays?: ((parameter: ParameterInfo) => boolean) | undefined
}

/**
 * Choose for each parameter between the variants of a transformation with decay and without.
 * @throws RangeError unless the decay is a finite number of at least 0.
 */
export function withDecay(
  { weightDecay, decays = matricesDecay }: DecayOptions,
  variant: (weightDecay: number) => Transformation,
): Transformation {
  numberIn(nonNegative, 'weightDecay', weightDecay)
  const plain = variant(0)
  if (weightDecay === 0) return plain
  const decaying = variant(weightDecay)
  return transformationOf({ ...plain, resolve: (parameter) => (decays(parameter) ? decaying : plain) })
}
