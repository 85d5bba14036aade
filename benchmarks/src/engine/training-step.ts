// A training step of the traced engine on weights of its own. Comes in: the subject, engine and executor, an
// optimizer or none. Goes out: the step, with its phases. Source: @lotion/onnx, @lotion/optim.

import type { Batch, GradientResult, GradientStep, Shape, Transformation, Tree } from '@lotion/core'
import type { CpuExecutor } from '@lotion/cpu'
import type { OnnxEngine } from '@lotion/onnx'
import { createUpdater } from '@lotion/optim'
import type { EngineSubject } from './engine-subject.js'

/** What runs a step. Weights, gradients and moments share the executor's memory: updates work in place. */
export interface StepRuntime {
  readonly engine: OnnxEngine
  readonly executor: CpuExecutor
  readonly session: GradientStep<Float32Array>
}

/** A step taken: loss and gradients at the weights before it, and the milliseconds of its phases. */
export interface StepTaken extends GradientResult<Float32Array> {
  readonly forwardBackward: number
  readonly update: number
}

/** Make a step on a copy of the subject's weights: forward and backward, and an update with an optimizer. */
export function trainingStep(
  runtime: StepRuntime,
  { model, weights, batch }: EngineSubject,
  transformation?: Transformation,
) {
  const params: Tree<Float32Array> = runtime.engine.allocate(model.shapes)
  for (const [name, array] of Object.entries(params)) array.set(weights[name] ?? [])
  return stepOn(runtime, { params, shapes: model.shapes, batch }, transformation)
}

/** What a step works on. */
export interface StepArrays {
  /** Updated in place; of the engine's memory. */
  readonly params: Tree<Float32Array>
  readonly shapes: Tree<Shape>
  readonly batch: Batch
}

/** Make a step on weights themselves. */
export function stepOn(
  { executor, session }: Omit<StepRuntime, 'engine'>,
  { params, shapes, batch }: StepArrays,
  transformation?: Transformation,
) {
  const updater = transformation && createUpdater({ transformation, shapes, executor })
  const state = updater?.init(params) ?? {}
  let step = 0
  const take = async (): Promise<StepTaken> => {
    const start = performance.now()
    const result = await session.run(params, batch)
    const between = performance.now()
    updater?.step(params, state, result, { step: step++, steps: Number.MAX_SAFE_INTEGER })
    return { ...result, forwardBackward: between - start, update: performance.now() - between }
  }
  return { params, state, take }
}
