// Whether two engines computed the same. Comes in: outcomes of the same step. Goes out: their distance, or an
// error.
// Source: docs/design/12-speed-tests.md. A comparison of speeds means nothing between different computations.

import { leafOf } from '@lotion/core'
import type { StepOutcome } from './engine-subject.js'

/** Two f32 evaluations of one step differ by rounding, about 1e-6; a different computation by far more. */
const AGREEMENT_TOLERANCE = 1e-4

/** How far an outcome is from the reference. */
export interface StepAgreement {
  /** Largest ‖found − expected‖₂ / ‖expected‖₂ over the tensors. */
  readonly tensors: number
  /** The tensor that has it. */
  readonly worst: string
  /** |found − expected| / |expected|. */
  readonly loss: number
}

/**
 * Compare an outcome with the reference.
 * @throws Error naming the tensor if one is missing, of another size or further off than
 * `AGREEMENT_TOLERANCE`.
 */
export function checkAgreement(what: string, found: StepOutcome, expected: StepOutcome): StepAgreement {
  let [tensors, worst] = [0, '']
  for (const [name, values] of Object.entries(expected.tensors)) {
    const distance = relativeDistance(leafOf(found.tensors, name, what), values, `${what}: '${name}'`)
    // Nothing is further off than what is not a number.
    if (!(distance <= tensors) && !Number.isNaN(tensors)) [tensors, worst] = [distance, name]
  }
  const loss = Math.abs(found.loss - expected.loss) / Math.abs(expected.loss)
  if (!(tensors <= AGREEMENT_TOLERANCE && loss <= AGREEMENT_TOLERANCE)) {
    throw new Error(
      `${what}: expected the traced engine's numbers to a relative ${AGREEMENT_TOLERANCE}, found '${worst}' off by ${tensors} and ` +
        `the loss by ${loss}; the engines do not compute the same, so their times are not compared`,
    )
  }
  return { tensors, worst, loss }
}

function relativeDistance(found: Float32Array, expected: Float32Array, what: string): number {
  if (found.length !== expected.length)
    throw new RangeError(`${what}: expected ${expected.length} values, found ${found.length}`)
  let [difference, total] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    const value = expected[i]!
    difference += (found[i]! - value) ** 2
    total += value ** 2
  }
  // Zero against zero agrees; anything against zero does not.
  return difference === 0 ? 0 : Math.sqrt(difference / total)
}
