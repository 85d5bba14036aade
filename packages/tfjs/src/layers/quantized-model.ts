// What `quantized` takes and gives. Comes in: nothing. Goes out: types only.

import type { Executor, SkipOptions, Transformation } from '@lotion/core'
import type * as tfjs from '@tensorflow/tfjs-core'
import type { TermsOption } from '../loss-terms.js'
import type { LayersModel } from './layers-model.js'
import type { ReportRow } from './model-report.js'
import type { SaveQuantizedOptions } from './save-model.js'
import type { LayerChoice } from './weight-plan.js'

/** What is quantized, and how the run goes; everything has a default. */
export interface QuantizedOptions {
  /**
   * Choices by patterns of paths, such as `'conv*'`, `'encoder/dense'`; the first that matches counts. By
   * default every kernel and embedding in the method's format.
   */
  readonly layers?: Readonly<Record<string, LayerChoice>>
  /** Steps of the whole run, which schedules follow. Default: what each `fit` says of itself. */
  readonly steps?: number
  /** Loss terms that a batch averages; see `LotionOptimizerOptions`. Default: read from the loss. */
  readonly terms?: TermsOption
  /** Key of the casts that a method draws. Default 0. */
  readonly seed?: number
  /** On a loss or gradient that is not finite; see `LotionOptimizerOptions`. Default `'refuse'`. */
  readonly nonFinite?: SkipOptions['nonFinite'] | 'unchecked'
  /** Runs formulas. Default: a `tfjsExecutor()`. */
  readonly executor?: Executor<tfjs.Tensor>
  /** The instance of tfjs. Default: the imported `@tensorflow/tfjs-core`. */
  readonly tf?: typeof tfjs
}

/** What `compile` of the model takes, with more optimizers. */
export type QuantizedCompile<M extends LayersModel> = Omit<Parameters<M['compile']>[0], 'optimizer'> & {
  /** A name that tfjs knows, any optimizer of tfjs, or one of `@lotion/optim`. */
  readonly optimizer: string | tfjs.Optimizer | Transformation
}

/** A model that is trained for the grid. */
export interface QuantizedModel<M extends LayersModel> {
  /** The model itself, in full precision: it is trained in place. */
  readonly model: M
  /** What trains it, once compiled. */
  readonly optimizer: tfjs.Optimizer | undefined
  /** As the optimizer or its schedule says; once set, as set. Undefined where it has none. */
  get learningRate(): number | undefined
  /** A number of at least 0, from the next step on. */
  set learningRate(value: number)
  /** Strength of the method's penalty or pull, as its schedule says; once set, as set. */
  get lambda(): number | undefined
  /** A number of at least 0, from the next step on. */
  set lambda(value: number)
  /**
   * Compile the model, the method around the optimizer. Compiled again with the same optimizer, after
   * freezing layers, it keeps the slots.
   * @param args As the model's own, with the optimizer.
   */
  compile(args: QuantizedCompile<M>): void
  /** As the model's own; the history has `val_…_quantized` beside each `val_…`: that of the cast weights. */
  readonly fit: M['fit']
  /** As the model's own, with the same figures. */
  readonly fitDataset: M['fitDataset']
  /** As the model's own. */
  readonly trainOnBatch: M['trainOnBatch']
  /** As the model's own, in full precision; on the grid by `cast()`. */
  readonly evaluate: M['evaluate']
  /** As the model's own, in full precision; on the grid by `cast()`. */
  readonly predict: M['predict']
  /** Tell of every weight what it is trained for, and how far it is from the grid, or why it is left out. */
  report(): Promise<readonly ReportRow[]>
  /** Make a model of its own with the weights on the grid, compiled with the same loss and metrics. */
  cast(): M
  /**
   * Store the model, its weights quantized.
   * @param target A handler of tfjs, a URL that tfjs saves to, or in Node a folder, `file://out`.
   * @param options Layout of the weights.
   */
  save(target: string | tfjs.io.IOHandler, options: SaveQuantizedOptions): Promise<void>
  /**
   * Write down all that a compiled model's run remembers: weights in full precision, slots, counts, rates as
   * they stand. tfjs's own `includeOptimizer` cannot name a method; a shuffle of `fit` has no seed, so a run
   * goes on bit for bit with `shuffle: false` and without layers that draw without a seed.
   */
  state(): Promise<Uint8Array<ArrayBuffer>>
  /**
   * Go on with a run, in a model built and compiled as that one was, before its first step. `fit` goes on
   * with `initialEpoch`.
   * @param bytes What `state` gave.
   * @throws TypeError for those of another model, method or optimizer; Error after a step.
   */
  restore(bytes: Uint8Array): Promise<void>
  /** Give back what training made. The model, and an optimizer that was given, stay. */
  dispose(): void
}
