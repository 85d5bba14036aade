// Activation functions as values: over tensors and, as their definition, in f64.
// Comes in: pre-activations. Goes out: activations.

import * as tf from '@tensorflow/tfjs-core'

/** An activation function. */
export interface Activation {
  /** Its usual name, such as `relu`, for people. */
  readonly name: string
  /**
   * Apply it to a tensor, element by element.
   * @param x Of any shape, float32; so is the result.
   */
  apply(x: tf.Tensor): tf.Tensor
  /**
   * The same in f64.
   * @param x Any number.
   */
  at(x: number): number
  /** Factor on the initial weights that keeps the variance of the signal: √2 for relu. */
  readonly gain: number
}

/** Pass what is positive: max(x, 0). */
export const relu: Activation = Object.freeze<Activation>({
  name: 'relu',
  apply: (x) => tf.relu(x),
  at: (x) => Math.max(x, 0),
  gain: Math.SQRT2,
})

/** Squash to (−1, 1): tanh x. */
export const tanh: Activation = Object.freeze<Activation>({
  name: 'tanh',
  apply: (x) => tf.tanh(x),
  at: Math.tanh,
  gain: 5 / 3,
})

/** Gate x by its own sigmoid: x / (1 + e^−x). Source: arXiv 1702.03118. */
export const silu: Activation = Object.freeze<Activation>({
  name: 'silu',
  apply: (x) => tf.mul(x, tf.sigmoid(x)),
  at: (x) => x / (1 + Math.exp(-x)),
  gain: Math.SQRT2,
})

const GELU_SLOPE = Math.sqrt(2 / Math.PI)
const GELU_CUBE = 0.044715

/** Gate x by a smooth step, the tanh form: x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))) (arXiv 1606.08415). */
export const gelu: Activation = Object.freeze<Activation>({
  name: 'gelu',
  apply(x) {
    const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), GELU_CUBE)), GELU_SLOPE)
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1))
  },
  at: (x) => 0.5 * x * (1 + Math.tanh(GELU_SLOPE * (x + GELU_CUBE * x ** 3))),
  gain: Math.SQRT2,
})
