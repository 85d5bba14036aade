// Methods by name, with the settings that the tasks vary. Comes in: plain data. Goes out: a method.
// Source: LOTION (arXiv 2510.08757), section 5; CAGE (arXiv 2510.18784) for its strengths.

import type { NumberFormat } from '@lotion/core'
import { empirical, exact } from '@lotion/fisher'
import { cage, lotion, ptq, qat, rat, type Method } from '@lotion/optim'
import type { Task } from './task.js'

/** The methods that can be compared, baselines first. */
export const methodNames = ['ptq', 'qat', 'rat', 'lotion', 'cage'] as const

/** Name of a method that can be compared. */
export type MethodName = (typeof methodNames)[number]

/** Where LOTION's curvature comes from: delivered by the task, or squared gradients. */
export const fisherNames = ['exact', 'empirical'] as const

/** Name of a source of curvature. */
export type FisherName = (typeof fisherNames)[number]

/** What tuning chooses. */
export interface Setting {
  readonly learningRate: number
  /** Strength of the penalty (lotion) or of the pull (cage); absent where a method has neither. */
  readonly lambda?: number
}

/** A method as plain data, so that it can be sent to a worker. */
export interface MethodChoice {
  readonly name: MethodName
  readonly lambda?: number
  readonly fisher: FisherName
  readonly scaleGradient: boolean
}

interface MethodEntry {
  /** Strengths tried when tuning; none for methods without one. */
  readonly lambdas: readonly number[]
  make(format: NumberFormat, choice: MethodChoice, task: Pick<Task, 'lambda'>): Method
}

const entries: Readonly<Record<MethodName, MethodEntry>> = {
  ptq: { lambdas: [], make: (format) => ptq({ format }) },
  qat: { lambdas: [], make: (format) => qat({ format }) },
  rat: { lambdas: [], make: (format) => rat({ format }) },
  lotion: {
    lambdas: [0.1, 0.3, 1, 3],
    make: (format, { lambda = 1, fisher, scaleGradient }, task) =>
      lotion({
        format,
        lambda: task.lambda(lambda),
        fisher: fisher === 'exact' ? exact() : empirical(),
        scaleGradient,
      }),
  },
  cage: { lambdas: [0.03, 0.1, 0.3, 1, 3], make: (format, { lambda = 1 }) => cage({ format, lambda }) },
}

/** Make the method that is described, for a task. */
export function methodOf(choice: MethodChoice, format: NumberFormat, task: Pick<Task, 'lambda'>): Method {
  return entries[choice.name].make(format, choice, task)
}

/** Tell whether a method has a strength λ. */
export function hasLambda(name: MethodName): boolean {
  return entries[name].lambdas.length > 0
}

/** Settings to try: the task's learning rates × the method's strengths. */
export function settingsOf(name: MethodName, learningRates: readonly number[]): readonly Setting[] {
  const { lambdas } = entries[name]
  return learningRates.flatMap((learningRate): Setting[] =>
    lambdas.length === 0 ? [{ learningRate }] : lambdas.map((lambda) => ({ learningRate, lambda })),
  )
}
