// The training loop, over contracts only: any engine, executor, method and optimizer.
// Comes in: parameters, batches. Goes out: trained parameters, in place. Source: docs/design/03-formats-and-methods.md.

import {
  defineLanes,
  mapTree,
  type Batch,
  type Executor,
  type GradientResult,
  type GradientStep,
  type Shape,
  type Transformation,
  type Tree,
} from '@lotion/core'
import { castTree } from './cast-tree.js'
import { withMethod, type Method } from './method.js'
import { quantizedAxes, type QuantizeRule } from './quantize-rule.js'
import { createUpdater, type OptimizerState } from './updater.js'

/** What is known after a step. */
export interface StepEvent<A> {
  /** Steps taken, from 1. */
  readonly step: number
  readonly steps: number
  /** Loss at the method's point, before the update. */
  readonly loss: number
  /** Norm of the raw gradient over all parameters. */
  readonly gradientNorm: number
  /** Steps skipped so far because the gradient was not finite. */
  readonly skipped: number
  readonly params: Tree<A>
  readonly state: OptimizerState<A>
}

export interface FitOptions<A> {
  /** Trained in place. */
  readonly params: Tree<A>
  readonly shapes: Tree<Shape>
  readonly gradientStep: GradientStep<A>
  /** The batch of a step; the same step must always give the same batch. */
  readonly batches: (step: number) => Batch
  readonly method: Method
  readonly quantize: QuantizeRule
  readonly optimizer: Transformation
  /** Applied to the task's gradient before the method's penalty, e.g. `[clipByGlobalNorm(1)]`. */
  readonly before?: readonly Transformation[]
  readonly steps: number
  readonly seed: number
  readonly executor: Executor<A>
  /** Arrays for the method's point that the engine reads without copies; default `executor.zeros`. */
  readonly allocate?: (shapes: Tree<Shape>) => Tree<A>
  /** On a gradient or loss that is not finite: stop with an error (default), or leave the step out and count it. */
  readonly nonFinite?: 'refuse' | 'skip'
  /** Called after every step; awaited. */
  readonly onStep?: (event: StepEvent<A>) => void | Promise<void>
  readonly signal?: AbortSignal
}

const squaredNorm = defineLanes({
  name: 'squared norm',
  inputs: ['gradient'],
  outputs: ['norm'],
  body: ({ gradient }) => ({ norm: gradient.mul(gradient).total('squared norm') }),
})

/**
 * Train: batch → loss and gradients at the method's point → penalty, optimizer, correction → weights.
 * @returns the optimizer's state.
 * @throws if the rule quantizes nothing, or a gradient is not finite (naming the parameter); the abort's reason.
 */
export async function fit<A>(options: FitOptions<A>): Promise<OptimizerState<A>> {
  const { params, shapes, gradientStep, method, executor, steps, seed } = options
  if (!Number.isInteger(steps) || steps < 1) throw new RangeError(`steps: expected a positive whole number, found ${steps}`)
  const axes = quantizedAxes(options.quantize, shapes)
  const transformation = withMethod(method, options.optimizer, options.quantize, options.before)
  const updater = createUpdater({ transformation, shapes, axes, executor })
  const state = updater.init()
  const quantizedShapes = Object.fromEntries([...axes.keys()].map((name) => [name, shapes[name]!]))
  const scratch = method.point && (options.allocate ?? ((s: Tree<Shape>) => mapTree(s, (shape) => executor.zeros(shape))))(quantizedShapes)
  let skipped = 0
  for (let step = 0; step < steps; step++) {
    options.signal?.throwIfAborted()
    const point =
      method.point && scratch
        ? castTree({ executor, format: method.format, cast: method.point, params, shapes, axes, into: scratch, seed, step })
        : params
    const result = await gradientStep.run(point, options.batches(step))
    const gradientNorm = await normOf(executor, Object.values(result.gradients))
    if (Number.isFinite(gradientNorm) && Number.isFinite(result.loss)) updater.step(params, state, result, { step, steps })
    else if (options.nonFinite === 'skip') skipped++
    else throw new RangeError(await nonFiniteMessage(executor, result, step))
    await options.onStep?.({ step: step + 1, steps, loss: result.loss, gradientNorm, skipped, params, state })
  }
  return state
}

async function normOf<A>(executor: Executor<A>, gradients: readonly A[]): Promise<number> {
  const results = executor.lanes(gradients.map((gradient) => ({ fn: squaredNorm, inputs: { gradient } })))
  const norm = results[0]?.norm
  return norm === undefined ? 0 : Math.sqrt((await executor.read(norm))[0]!)
}

async function nonFiniteMessage<A>(executor: Executor<A>, result: GradientResult<A>, step: number): Promise<string> {
  const broken: string[] = []
  for (const [name, gradient] of Object.entries(result.gradients)) {
    if (!Number.isFinite(await normOf(executor, [gradient]))) broken.push(name)
  }
  return (
    `step ${step + 1}: expected a finite loss and gradient, found loss ${result.loss} and a gradient that is not finite ` +
    `for ${broken.join(', ') || 'no parameter'}; the weights are those of the step before. ` +
    `Lower the learning rate, clip the gradient, look for NaN in the data, or pass nonFinite: 'skip'.`
  )
}
