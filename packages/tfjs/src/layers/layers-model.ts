// What is asked of a model of tf.layers. Comes in: nothing. Goes out: types only.
// Source: `tf.LayersModel`, told by its shape, so that whoever uses it alone has tfjs-layers.

import type * as tfjs from '@tensorflow/tfjs-core'

/** A weight of a layer: a name, and the variable that holds it. */
export interface LayerWeight {
  /** Unique in the program, that of its variable. */
  readonly name: string
  /** Unique in the model: what files call it. */
  readonly originalName: string
  /** Extents. */
  readonly shape: readonly (number | null)[]
  /** Of its values. */
  readonly dtype: string
  /** The variable. */
  read(): tfjs.Tensor
  /**
   * Give it other values.
   * @param value Of its shape.
   */
  write(value: tfjs.Tensor): unknown
}

/** A model of layers, as `tf.LayersModel` and `tf.Sequential` are. */
export interface LayersModel {
  /** For messages. */
  readonly name: string
  /** Layers in order. */
  readonly layers: readonly object[]
  /** All weights. */
  readonly weights: readonly LayerWeight[]
  /** Names of what `evaluate` returns, once compiled. */
  readonly metricsNames: readonly string[]
  /**
   * Configure it for training.
   * @param args Optimizer, loss, metrics.
   */
  compile(args: never): void
  /**
   * Train on tensors.
   * @param x Inputs.
   * @param y Targets.
   * @param args Epochs, batch size, validation, callbacks.
   */
  fit(x: never, y: never, args?: never): Promise<unknown>
  /**
   * Train on a dataset.
   * @param dataset Batches of inputs and targets.
   * @param args Epochs, validation, callbacks.
   */
  fitDataset(dataset: never, args: never): Promise<unknown>
  /**
   * Train on one batch.
   * @param x Inputs.
   * @param y Targets.
   */
  trainOnBatch(x: never, y: never): Promise<unknown>
  /**
   * Loss and metrics on tensors.
   * @param x Inputs.
   * @param y Targets.
   * @param args Batch size.
   */
  evaluate(x: never, y: never, args?: never): unknown
  /**
   * Loss and metrics on a dataset.
   * @param dataset Batches of inputs and targets.
   * @param args How many batches.
   */
  evaluateDataset(dataset: never, args: never): Promise<unknown>
  /**
   * Compute outputs.
   * @param x Inputs.
   * @param args Batch size.
   */
  predict(x: never, args?: never): unknown
  /** What it is rebuilt from. */
  getConfig(): unknown
  /**
   * Store it.
   * @param handler Of `tf.io.withSaveHandler`.
   */
  save(handler: tfjs.io.IOHandler): Promise<unknown>
}
