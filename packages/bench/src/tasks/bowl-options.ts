// What the tasks over a quadratic bowl have in common. Comes in: a dimension. Goes out: options, and what
// opens such a task.
// Source: LOTION (arXiv 2510.08757), section 5.

import { oneOf, realNumber, wholeNumber, type CliOption } from '@lotion/cli'
import { cpuExecutor } from '@lotion/cpu'
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

/** Open a task over bowls: the problem of a seed is made from the bowl of that seed. */
export function openBowls(
  options: Omit<QuadraticOptions, 'seed'>,
  problem: (bowl: Quadratic, seed: number) => Problem,
): OpenWorkload {
  return {
    executor: cpuExecutor(),
    problem: (seed) => problem(quadratic({ ...options, seed }), seed),
    close: () => Promise.resolve(),
  }
}
