// Check of a fresh trace: its first step against the same step run eagerly on tfjs's cpu backend.
// In: a program, its arguments and the traced result. Out: nothing, or an error that lists the tensors that differ.

import { sizeOf, type Batch, type GradientResult, type Program, type Tree } from '@lotion/core'
import { eagerEngine } from '@lotion/tfjs'
import type * as tf from '@tensorflow/tfjs'
import { onCpuBackend } from './on-cpu-backend.js'
import { norm, relativeError } from './relative-error.js'

/** Largest parameters × loss terms that is checked by default: 0.1 to 0.5 s on tfjs's cpu backend, once a step and shape. */
export const verificationBudget = 4e6

// Two float32 evaluations in different summation orders agree to about 1e-6; a wrong rule is wrong in the first digits.
const tolerance = 1e-5

// A gradient that cancels to nearly nothing (attention scores at initialisation) is rounding error of larger terms: a tensor's
// error is measured against this share of the overall root mean square at least. A wrong rule still stands out by orders.
const floorShare = 0.1

/** Decide whether a step is small enough to be checked without being noticed: parameters × loss terms ≤ the budget. */
export function worthVerifying(program: Program<tf.Tensor>, batch: Batch, budget: number): boolean {
  const parameters = Object.values(program.shapes).reduce((sum, shape) => sum + sizeOf(shape), 0)
  return parameters * program.terms(batch) <= budget
}

/**
 * Compare a traced step with the eager one: for each tensor ‖traced − eager‖ ≤ 1e-5 · ‖eager‖ (L2), where ‖eager‖ counts as at least
 * a tenth of what the overall root mean square gives for its size.
 * A program that cpu cannot run is reported to `onWarning` and passes.
 * @throws listing every tensor that is further off, with its error.
 */
export async function verifyStep(
  program: Program<tf.Tensor>,
  params: Tree<Float32Array>,
  batch: Batch,
  traced: GradientResult<Float32Array>,
  onWarning: (message: string) => void,
): Promise<void> {
  const eager = await eagerResult(program, params, batch, onWarning)
  if (eager === undefined) return
  const overall = rms(Object.values(eager.gradients))
  const tensors = [
    { name: 'loss', found: Float32Array.of(traced.loss), expected: Float32Array.of(eager.loss), floor: 1e-3 },
    ...Object.entries(eager.gradients).map(([name, expected]) => ({
      name: `gradient of '${name}'`,
      found: traced.gradients[name] ?? new Float32Array(0),
      expected,
      floor: floorShare * overall * Math.sqrt(expected.length),
    })),
  ]
  const wrong = tensors.flatMap(({ name, found, expected, floor }) => {
    const error = relativeError(found, expected, floor)
    return error <= tolerance ? [] : [`${name}: relative error ${error.toExponential(2)}`]
  })
  if (wrong.length === 0) return
  throw new Error(
    `program '${program.name}': the traced step disagrees with tfjs's cpu backend beyond ${tolerance}\n  ${wrong.join('\n  ')}\n` +
      'A kernel rule is wrong, or the function depends on something besides its arguments (a counter, the clock, a random ' +
      'number). Report the operations it uses; to train anyway use eagerEngine of @lotion/tfjs, or verifyFirstStep: false.',
  )
}

// Kernels that only a rule of the caller's knows have no reference to compare with.
async function eagerResult(
  program: Program<tf.Tensor>,
  params: Tree<Float32Array>,
  batch: Batch,
  onWarning: (message: string) => void,
): Promise<GradientResult<Float32Array> | undefined> {
  try {
    return await onCpuBackend(() => eagerEngine().gradients(program).run(params, batch))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    onWarning(
      `program '${program.name}': its first step was not checked, because tfjs's cpu backend cannot run it (${reason})`,
    )
    return undefined
  }
}

const rms = (arrays: readonly Float32Array[]): number => {
  const count = arrays.reduce((sum, array) => sum + array.length, 0)
  return Math.sqrt(arrays.reduce((sum, array) => sum + norm(array) ** 2, 0) / Math.max(1, count))
}
