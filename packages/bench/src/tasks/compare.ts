// Runs a task with several methods over several seeds. Comes in: a task, methods, seeds. Goes out: losses a seed.
// Source: docs/design/04-bench.md.

import { castNearest, castSample, mapTree, type Executor, type NumberFormat } from '@lotion/core'
import { randomizedRounding } from '@lotion/noise'
import { castTree, fit, quantizedAxes, type Method } from '@lotion/optim'
import type { Problem, Task } from './task.js'

/** Losses of a trained parameter tree: as it is, cast to nearest, and over randomized roundings (mean). */
export interface CastLosses {
  readonly fullPrecision: number
  readonly nearest: number
  readonly randomized: number
}

/** What one run takes. */
export interface RunOptions {
  readonly task: Task
  readonly method: Method
  readonly learningRate: number
  readonly seed: number
  readonly executor: Executor<Float32Array>
  /** Randomized casts averaged in `randomized`. */
  readonly casts: number
  /** On a gradient that is not finite: stop with an error (default), or leave the step out; a run that diverges then has infinite losses. */
  readonly nonFinite?: 'refuse' | 'skip'
  readonly signal?: AbortSignal
}

/** Train one method on one seed and measure it. */
export async function runOnce(options: RunOptions): Promise<CastLosses> {
  const { task, method, learningRate, seed, executor } = options
  const problem = task.problem(seed)
  const training = fit({
    params: problem.params,
    shapes: task.shapes,
    gradientStep: problem.gradientStep,
    batches: problem.batches,
    method,
    quantize: task.quantize,
    optimizer: task.optimizer(learningRate),
    steps: task.steps,
    seed,
    executor,
    onStep: breathing(),
    ...(options.nonFinite ? { nonFinite: options.nonFinite } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  })
  try {
    await training
  } catch (error) {
    if (options.nonFinite !== 'skip' || options.signal?.aborted || !diverged(problem.params)) throw error
    return { fullPrecision: Infinity, nearest: Infinity, randomized: Infinity }
  }
  return castLosses({ task, problem, format: method.format, seed, executor, casts: options.casts })
}

/** Tell whether weights are what `fit` refuses at a run's end: not finite, or too large to be squared in single precision. */
function diverged(params: Problem['params']): boolean {
  const squares = Object.values(params).map((array) => array.reduce((sum, w) => sum + w * w, 0))
  return !(squares.reduce((sum, square) => sum + square, 0) < 3.4e38)
}

/** Measure a problem's parameters under a format. */
export function castLosses(options: {
  readonly task: Pick<Task, 'quantize' | 'shapes'>
  readonly problem: Problem
  readonly format: NumberFormat
  readonly seed: number
  readonly executor: Executor<Float32Array>
  readonly casts: number
}): CastLosses {
  const { task, problem, format, seed, executor, casts } = options
  const { params } = problem
  const { shapes } = task
  const axes = quantizedAxes(task.quantize, shapes)
  const into = mapTree(shapes, (shape) => executor.zeros(shape))
  const tree = { executor, format, params, shapes, axes, into, seed }
  const sample = castSample(format, randomizedRounding)
  const nearest = problem.loss(castTree({ ...tree, cast: castNearest(format) }))
  let randomized = 0
  for (let draw = 0; draw < casts; draw++)
    randomized += problem.loss(castTree({ ...tree, cast: sample, step: draw })) / casts
  return { fullPrecision: problem.loss(params), nearest, randomized }
}

/**
 * Let the event loop turn about twenty times a second: these tasks' steps never wait for anything, so without it no
 * signal, timer or progress line would come through before a run's end.
 */
function breathing(): () => void | Promise<void> {
  let last = performance.now()
  return () => {
    if (performance.now() - last < 50) return undefined
    return new Promise((resolve) =>
      setImmediate(() => {
        last = performance.now()
        resolve()
      }),
    )
  }
}
