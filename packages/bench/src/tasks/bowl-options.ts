// What the tasks over a quadratic bowl have in common. Comes in: a dimension. Goes out: options, and what
// opens such a task.
// Source: LOTION (arXiv 2510.08757).

import { oneOf, realNumber, wholeNumber, type CliOption } from '@lotion/cli'
import { mapTree, normals, type RandomKey } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { hessianProbe } from '@lotion/optim'
import { quadratic, type Quadratic, type QuadraticOptions } from './quadratic.js'
import type { LossReading, OpenWorkload, Problem } from './task.js'

/** Largest dimension of a rotated problem: its matrix is dense and its rotation costs d³. */
const DENSEST = 4096

const inputs = (dimension: number): CliOption<number> => ({
  flags: '--dimension <n>',
  description: 'number of inputs d',
  schema: wholeNumber({ min: 2, max: 2 ** 20 }),
  default: String(dimension),
})

const spectrum: CliOption<number> = {
  flags: '--spectrum <exponent>',
  description: 'eigenvalues of the Hessian are i^−exponent',
  schema: realNumber({ min: 0, max: 10 }),
  default: '1.1',
}

const hessian: CliOption<'rotated' | 'diagonal'> = {
  flags: '--hessian <kind>',
  description: 'rotated (a random basis) or diagonal',
  schema: oneOf(['rotated', 'diagonal']),
  default: 'rotated',
}

/** Options of the bowl, whose dimension is by default what the task says. */
export const bowlOptions = (dimension: number) => ({
  /** Number of inputs d, at least 2. */
  dimension: inputs(dimension),
  /** Eigenvalues of the Hessian are i^−spectrum, 0 to 10. Default 1.1. */
  spectrum,
  /** In a random basis, which takes a dense matrix, or diagonal. Default rotated. */
  hessian,
})

/** How losses over a bowl are read. */
export const bowlLoss: LossReading = Object.freeze({
  name: 'loss',
  meaning: 'Losses are those of the whole problem, ½ (v − v*)ᵀ H (v − v*), without any sampling.',
  of: ['dimension', 'spectrum', 'hessian'],
})

/** Refuse a bowl that is too large. @throws RangeError */
export function checkBowl({ hessian, dimension }: Omit<QuadraticOptions, 'seed'>): void {
  if (hessian === 'rotated' && dimension > DENSEST) {
    throw new RangeError(
      `dimension: expected at most ${DENSEST} with a rotated Hessian, found ${dimension}; use --hessian diagonal`,
    )
  }
}

/**
 * Open a task over bowls: the problem of a seed is made from the bowl of that seed. Its gradient step
 * delivers probes of the Hessian beside its own signals.
 */
export function openBowls(
  options: Omit<QuadraticOptions, 'seed'>,
  problem: (bowl: Quadratic, seed: number) => Problem,
): OpenWorkload {
  const executor = cpuExecutor()
  return {
    executor,
    problem: (seed) => {
      const made = problem(quadratic({ ...options, seed }), seed)
      const shapes = mapTree(made.params, ({ length }) => [length])
      return { ...made, gradientStep: hessianProbe(made.gradientStep, { executor, shapes }) }
    },
    close: () => Promise.resolve(),
  }
}

/**
 * The slope of ½ (f − y)² by f, times the inputs, of samples whose labels the model has drawn: y ~ N(f, 1),
 * whose negative log-likelihood the loss is. Mean of ε x over fresh x ~ N(0, H).
 * @param terms How many samples.
 */
export function drawnSlope(bowl: Quadratic, terms: number, key: RandomKey): Float64Array {
  const d = bowl.dimension
  const z = normals(key, terms * (d + 1))
  const slope = new Float64Array(d)
  for (let n = 0; n < terms; n++) {
    const noise = z[n * (d + 1) + d]!
    const x = bowl.sample(z.subarray(n * (d + 1), n * (d + 1) + d))
    for (let i = 0; i < d; i++) slope[i]! += (noise * x[i]!) / terms
  }
  return slope
}

/** The key of a signal's draws. @throws TypeError if there is none. */
export function drawsOf(key: RandomKey | undefined, task: string): RandomKey {
  if (key) return { ...key, stream: `${key.stream}/sampledGradient` }
  throw new TypeError(
    `${task}: expected a key for the draws of the signal 'sampledGradient', found none; give it as the last argument of run`,
  )
}
