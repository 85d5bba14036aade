// Check of a fresh trace: its first step against the same step run eagerly on tfjs's cpu backend.
// Comes in: a program, its arguments and the traced result. Goes out: whether there was anything to compare,
// or an error that says what differs and why. A tensor is judged by its conditioning: how far it moves when
// every weight moves by one rounding.

import { type Batch, type GradientResult, mapTree, type Program, type Tree, uniforms } from '@lotion/core'
import { eagerEngine } from '@lotion/tfjs'
import type * as tf from '@tensorflow/tfjs-core'
import { onCpuBackend } from './on-cpu-backend.js'
import { norm, relativeError } from './relative-error.js'

// Two float32 evaluations in different summation orders agree to about 1e-6; a wrong rule is wrong in the
// first digits.
const TOLERANCE = 1e-5

// A gradient that cancels to nearly nothing (attention scores at initialisation) is rounding error of larger
// terms: a tensor's error is measured against this share of the overall root mean square at least. A wrong
// rule still stands out by orders.
const FLOOR_SHARE = 0.1

// Rounding inside a step is that of many operations, each of which moves the result as one rounding of a
// weight does, more where partial sums are larger than their terms (8 times in a sum of 64). Whatever the
// conditioning, more than one in a hundred is an error.
const ROUNDINGS = 64
const MOST_TOLERATED = 1e-2

/** What a check found: 'agrees', or why it could not tell. */
export type Verdict = 'agrees' | Untold

interface Untold {
  readonly untold: string
  /** Whether no other arguments would help. */
  readonly unable: boolean
}

/** Hold the arguments of a step and what it gave for them. */
export interface CheckedStep {
  readonly program: Program<tf.Tensor>
  /** Parameters whose gradients are compared. Default: all. */
  readonly of?: readonly string[]
  readonly params: Tree<Float32Array>
  readonly batch: Batch
  readonly traced: GradientResult<Float32Array>
  /** Run the traced step with other weights; may overwrite `traced`. */
  again(params: Tree<Float32Array>): Promise<GradientResult<Float32Array>>
}

/**
 * Compare a traced step with the eager one: for each tensor ‖traced − eager‖ ≤ t · ‖eager‖ (L2), where
 * ‖eager‖ counts as at least a tenth of what the overall root mean square gives for its size. t is 1e-5, or
 * 64 times what the tensor moves by when each weight moves by 2⁻²³ of itself, up to 1e-2.
 * @returns 'agrees', or why nothing can be told: cpu cannot run the program, or both overflow.
 * @throws listing every tensor that is further off, with its error and the likely cause.
 */
export async function verifyStep(step: CheckedStep): Promise<Verdict> {
  const { program, params } = step
  const traced = {
    loss: step.traced.loss,
    gradients: mapTree(step.traced.gradients, (values) => values.slice()),
  }
  const eager = await eagerResult(step)
  if ('untold' in eager) return eager
  const overflowing = [overflow(traced), overflow(eager)] as const
  if (overflowing[0] !== undefined && overflowing[1] !== undefined) {
    return {
      untold: `it overflows float32, in tfjs too: ${overflowing[1]}; ${largest(params)}`,
      unable: false,
    }
  }
  const scales = scalesOf(eager)
  const off = (found: Evaluation, expected: Evaluation) => errorsOf(found, expected, scales)
  const wrong = off(traced, eager).filter(({ error }) => !(error <= TOLERANCE))
  if (wrong.length === 0) return 'agrees'
  const moved = new Map<string, number>()
  if (overflowing[0] === undefined && overflowing[1] === undefined) {
    const nudged = await step.again(mapTree(params, nudge))
    for (const { name, error } of off(nudged, traced)) moved.set(name, (error * 2 ** -23) / NUDGE_SIZE)
    for (const [name, values] of Object.entries(traced.gradients)) step.traced.gradients[name]?.set(values)
  }
  const judged = wrong.map((tensor) => {
    const movement = moved.get(tensor.name) ?? 0
    return {
      ...tensor,
      movement,
      allowed: Math.min(MOST_TOLERATED, Math.max(TOLERANCE, ROUNDINGS * movement)),
    }
  })
  const failed = judged.filter(({ error, allowed }) => !(error <= allowed))
  if (failed.length === 0) return 'agrees'
  const lines = failed.map(
    ({ name, error, allowed }) =>
      `${name}: relative error ${error.toExponential(2)}, expected at most ${allowed.toExponential(1)}`,
  )
  throw new Error(
    `program '${program.name}': the traced step disagrees with tfjs's cpu backend\n  ${lines.join('\n  ')}\n${causeOf(failed, overflowing, params)} ` +
      'To train anyway use eagerEngine of @lotion/tfjs, or verifyFirstStep: false.',
  )
}

interface Judged {
  readonly error: number
  readonly movement: number
  readonly allowed: number
}

function causeOf(
  failed: readonly Judged[],
  [traced, eager]: readonly [string | undefined, string | undefined],
  params: Tree<Float32Array>,
): string {
  if (traced !== undefined || eager !== undefined) {
    return (
      `Overflow: ${traced ?? eager} ${traced === undefined ? 'in tfjs' : 'in the traced step'} alone, so intermediate values are at the end of ` +
      `float32, where the order of operations decides; ${largest(params)}. Use smaller weights or inputs.`
    )
  }
  // Rounding is amplified, and the error is of its size: it takes little more of it, and no wrong rule.
  const amplified = failed.every(
    ({ error, movement, allowed }) => movement > 2 ** -20 && error < 10 * allowed,
  )
  if (amplified) {
    return (
      'Likely the order of sums: these tensors are small rests of large terms and move by ' +
      `${Math.max(...failed.map(({ movement }) => movement)).toExponential(1)} when every weight moves by one rounding.`
    )
  }
  return (
    'A kernel rule is wrong, or the function depends on something besides its arguments (a counter, the clock, a random ' +
    'number). Report the operations it uses.'
  )
}

interface Evaluation {
  readonly loss: number
  readonly gradients: Tree<Float32Array>
}

interface Scales {
  /** Least norm of a tensor of so many elements. */
  floor(length: number): number
}

function scalesOf({ gradients }: Evaluation): Scales {
  const overall = rms(Object.values(gradients))
  return { floor: (length) => FLOOR_SHARE * overall * Math.sqrt(length) }
}

function errorsOf(
  found: Evaluation,
  expected: Evaluation,
  { floor }: Scales,
): readonly { readonly name: string; readonly error: number }[] {
  const loss = relativeError(Float32Array.of(found.loss), Float32Array.of(expected.loss), 1e-3)
  return [
    { name: 'loss', error: loss },
    ...Object.entries(expected.gradients).map(([name, values]) => ({
      name: `gradient of '${name}'`,
      error: relativeError(found.gradients[name] ?? new Float32Array(0), values, floor(values.length)),
    })),
  ]
}

function overflow({ loss, gradients }: Evaluation): string | undefined {
  if (!Number.isFinite(loss)) return `the loss is ${loss}`
  const [name] =
    Object.entries(gradients).find(([, values]) => values.some((value) => !Number.isFinite(value))) ?? []
  return name === undefined ? undefined : `the gradient of '${name}' is not finite`
}

function largest(params: Tree<Float32Array>): string {
  const sizes = Object.entries(params).map(([name, values]) => {
    return { name, size: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) }
  })
  const most = sizes.reduce((a, b) => (b.size > a.size ? b : a), { name: '', size: 0 })
  return `the largest weight is ${most.size.toPrecision(3)}, in '${most.name}'`
}

// Larger than a rounding, so that it is not lost in the sums whose rounding it stands for; small enough to be
// answered in proportion.
const NUDGE_SIZE = 2 ** -16

// Every weight up or down by that share of itself, by a fixed draw.
function nudge(values: Float32Array, name: string): Float32Array {
  const draws = uniforms({ seed: 0, stream: `nudge ${name}` }, values.length)
  return values.map((value, i) => value * (1 + ((draws[i] ?? 0) < 0.5 ? NUDGE_SIZE : -NUDGE_SIZE)))
}

// Kernels that only a rule of the caller's knows have no reference to compare with.
async function eagerResult({ program, of, params, batch }: CheckedStep): Promise<Evaluation | Untold> {
  try {
    return await onCpuBackend(() => eagerEngine().gradients(program, of).run(params, batch))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { untold: `tfjs's cpu backend cannot run it (${reason})`, unable: true }
  }
}

const rms = (arrays: readonly Float32Array[]): number => {
  const count = arrays.reduce((sum, array) => sum + array.length, 0)
  return Math.sqrt(arrays.reduce((sum, array) => sum + norm(array) ** 2, 0) / Math.max(1, count))
}
