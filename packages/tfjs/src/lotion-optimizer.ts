// An optimizer for plain tfjs training loops and layers, from an updater of lane functions.
// Comes in: what compiles an updater (`createUpdater` of @lotion/optim). Goes out: a `tf.Optimizer`.
// Source: docs/design/09-tfjs.md.

import type { Shape, SkipOptions, Tree } from '@lotion/core'
import { refuseUnknownKeys, skipGuard } from '@lotion/core/internal'
import * as defaultTf from '@tensorflow/tfjs-core'
import { oneCore } from './core-instance.js'
import type { TermsOption } from './loss-terms.js'
import { optimizerClass, type OptimizerSettings } from './optimizer-class.js'
import type { QuantizedTensor, TensorUpdater } from './tensor-updater.js'

type Tf = typeof defaultTf

/** What the optimizer is made of. */
export interface LotionOptimizerOptions {
  /** Compile the updater for variables, shapes by name: those of the first step, others as they join. */
  readonly compile: (shapes: Tree<Shape>) => TensorUpdater
  /**
   * Steps of the whole run, of all epochs: schedules need it. In layers epochs · ⌈examples / batch size⌉. A
   * function is asked at every step; NaN where the length is not known.
   */
  readonly steps: number | (() => number)
  /**
   * Loss terms that a batch averages (its examples, or tokens), by which the Fisher estimate is scaled.
   * `'mean'` (default) reads them from the mean that the loss ends in, so that the last, smaller batch has
   * its own; a function is asked at every step.
   */
  readonly terms?: TermsOption
  /**
   * On a loss or gradient that is not finite: stop with an error (default), leave the step out and count it,
   * or look at neither, where a backend is slow to be read.
   */
  readonly nonFinite?: SkipOptions['nonFinite'] | 'unchecked'
  /** So many steps in a row may be skipped; one more stops with an error. Default 20. */
  readonly skipLimit?: number
  /** Key of the casts that a method draws, with the step and the variable's name. Default 0. */
  readonly seed?: number
  /** Told at the first step, and when variables join, what each is trained for; `null` in full precision. */
  readonly onVariables?: (quantized: Tree<QuantizedTensor | null>) => void
  /** The instance of tfjs. Default: the imported `@tensorflow/tfjs-core`. */
  readonly tf?: Tf
}

const optionNames: Readonly<Record<keyof LotionOptimizerOptions, true>> = {
  compile: true,
  steps: true,
  terms: true,
  nonFinite: true,
  skipLimit: true,
  seed: true,
  onVariables: true,
  tf: true,
}

/**
 * Make an optimizer for `optimizer.minimize` and `model.compile`. Where a method takes its gradient at casts
 * of the weights (QAT, RAT, CAGE), the variables hold the casts while the loss and its gradients are
 * computed; ready gradients given to `applyGradients` are then refused. A variable without a gradient stays
 * as it is, its slots too; one that joins gets fresh slots.
 * @throws TypeError if an option is unknown, RangeError if one is out of its range; Error on a step after the
 * last one, or whose loss or gradient is not finite.
 * @example
 * ```ts
 * import type { Shape, Tree } from '@lotion/core'
 * import { int4 } from '@lotion/formats'
 * import { adamw, createUpdater, everything, linear, lotion, withMethod } from '@lotion/optim'
 * import { lotionOptimizer, tfjsExecutor } from '@lotion/tfjs'
 * import * as tf from '@tensorflow/tfjs-core'
 * import '@tensorflow/tfjs-backend-cpu'
 *
 * const executor = tfjsExecutor()
 * const [method, adam] = [lotion({ format: int4 }), adamw({ learningRate: linear(0.1, 0) })]
 * const transformation = withMethod(method, adam, everything)
 * const compile = (shapes: Tree<Shape>) => createUpdater({ transformation, shapes, executor })
 * const optimizer = lotionOptimizer({ steps: 20, compile })
 * const w = tf.variable(tf.tensor1d([0.31, -1.2, 0.05, 0.6]))
 * for (let step = 0; step < 20; step++)
 *   optimizer.minimize(() => tf.mean(tf.squaredDifference(w, tf.scalar(0.4))) as tf.Scalar)
 * console.log(await w.data())
 * ```
 */
export function lotionOptimizer(options: LotionOptimizerOptions): defaultTf.Optimizer {
  refuseUnknownKeys('lotionOptimizer', options, optionNames)
  const { terms = 'mean', nonFinite = 'refuse', seed = 0, steps } = options
  const tf = oneCore(options.tf ?? defaultTf)
  const numbers = {
    ...(typeof steps === 'number' ? { steps } : {}),
    ...(typeof terms === 'number' ? { terms } : {}),
  }
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${name}: expected a positive whole number, found ${value}`)
  }
  if (typeof terms === 'string' && terms !== 'mean')
    throw new RangeError(
      `terms: expected a positive whole number, 'mean' or a function, found '${String(terms)}'`,
    )
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new RangeError(`seed: expected a whole number from 0 to 2^53 − 1, found ${seed}`)
  const { compile, skipLimit, onVariables } = options
  const settings: OptimizerSettings = {
    compile,
    steps,
    terms,
    seed,
    checks: nonFinite !== 'unchecked',
    guard: skipGuard({
      ...(nonFinite === 'unchecked' ? {} : { nonFinite }),
      ...(skipLimit === undefined ? {} : { skipLimit }),
    }),
    nonFinite: nonFinite === 'unchecked' ? 'refuse' : nonFinite,
    ...(onVariables ? { onVariables } : {}),
  }
  return new (optimizerClass(tf))(settings)
}
