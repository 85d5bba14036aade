// Tasks as values: a problem for every seed, and how it is trained. Comes in: settings. Goes out: a task.
// Source: LOTION (arXiv 2510.08757), section 5; docs/design/04-bench.md.

import type { Batch, GradientStep, Shape, Transformation, Tree } from '@lotion/core'
import type { QuantizeRule, Schedule } from '@lotion/optim'

/** One instance of a task, made from a seed. */
export interface Problem {
  /** Parameters at the start; trained in place. */
  readonly params: Tree<Float32Array>
  readonly gradientStep: GradientStep<Float32Array>
  /** The batch of a step, from 0. */
  readonly batches: (step: number) => Batch
  /** The loss that is reported, in double precision. */
  loss(params: Tree<Float32Array>): number
}

/** A family of problems with the optimizer that suits it. */
export interface Task {
  readonly name: string
  readonly steps: number
  /** Shapes of the parameters, the same for every seed. */
  readonly shapes: Tree<Shape>
  readonly quantize: QuantizeRule
  /** Learning rate of the fixed setting. */
  readonly learningRate: number
  /** Learning rates tried when tuning. */
  readonly learningRates: readonly number[]
  /** The optimizer that suits the task, at a learning rate. */
  optimizer(learningRate: number): Transformation
  /** λ of LOTION for a strength: how it runs over time. */
  lambda(strength: number): number | Schedule
  /** Make the problem of a seed. */
  problem(seed: number): Problem
  /** What was chosen, for records. */
  readonly config: Readonly<Record<string, string | number>>
}
