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
  /** Configure it for training. */
  compile(args: never): void
  /** Train on tensors. */
  fit(x: never, y: never, args?: never): Promise<unknown>
  /** Train on a dataset. */
  fitDataset(dataset: never, args: never): Promise<unknown>
  /** Train on one batch. */
  trainOnBatch(x: never, y: never): Promise<unknown>
  /** Loss and metrics on tensors. */
  evaluate(x: never, y: never, args?: never): unknown
  /** Loss and metrics on a dataset. */
  evaluateDataset(dataset: never, args: never): Promise<unknown>
  /** Compute outputs. */
  predict(x: never, args?: never): unknown
  /** What it is rebuilt from. */
  getConfig(): unknown
  /** Store it. */
  save(handler: tfjs.io.IOHandler): Promise<unknown>
}
