// What the tasks over a quadratic bowl have in common. Comes in: a dimension. Goes out: options, and what
// opens such a task.
// Source: LOTION (arXiv 2510.08757), section 5.

import { oneOf, realNumber, wholeNumber, type CliOptions } from '@lotion/cli'
import { cpuExecutor } from '@lotion/cpu'
import { quadratic, type Quadratic, type QuadraticOptions } from './quadratic.js'
import type { LossReading, OpenWorkload, Problem } from './task.js'

/** Largest dimension of a rotated problem: its matrix is dense and its rotation costs d³. */
const DENSEST = 4096

/** Options of the bowl. */
export const bowlOptions = (dimension: number) =>
  ({
    dimension: {
      flags: '--dimension <n>',
      description: 'number of inputs d',
      schema: wholeNumber({ min: 2, max: 2 ** 20 }),
      default: String(dimension),
    },
    spectrum: {
      flags: '--spectrum <exponent>',
      description: 'eigenvalues of the Hessian are i^−exponent',
      schema: realNumber({ min: 0, max: 10 }),
      default: '1.1',
    },
    hessian: {
      flags: '--hessian <kind>',
      description: 'rotated (a random basis) or diagonal',
      schema: oneOf(['rotated', 'diagonal']),
      default: 'rotated',
    },
  }) as const satisfies CliOptions

/** How losses over a bowl are read. */
export const bowlLoss: LossReading = Object.freeze({
  name: 'loss',
  meaning: 'Losses are those of the whole problem, ½ (v − v*)ᵀ H (v − v*), without any sampling.',
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
