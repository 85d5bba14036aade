// What a model is: a differentiable program that also knows its initial parameters and its logits.
// Comes in: parameters and a batch as tensors. Goes out: logits, loss. Every model of this package is such a
// frozen value.

import type { Program, Shape, Tree } from '@lotion/core'
import type * as tf from '@tensorflow/tfjs-core'

/** A model: a `Program` of `@lotion/core` with its configuration, initialisation and logits. */
export interface Model<Config> extends Program<tf.Tensor> {
  /** What it was made with, defaults filled in. */
  readonly config: Config
  readonly shapes: Tree<Shape>
  /** Number of weights, the sum of the shapes' sizes. */
  readonly parameterCount: number
  /**
   * Draw initial parameters: the same seed gives the same numbers.
   * @param seed A whole number.
   */
  init(seed: number): Tree<Float32Array>
  /**
   * Evaluate the scores before the softmax, classes on the last axis. Call inside `tf.tidy`.
   * @param params All weights by name, float32, of the shapes in `shapes`.
   * @param batch As the model's `loss` takes it; targets are not read.
   */
  logits(params: Tree<tf.Tensor>, batch: Tree<tf.Tensor>): tf.Tensor
}
