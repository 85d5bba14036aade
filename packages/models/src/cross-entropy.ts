// Mean cross-entropy between logits and class numbers.
// Comes in: logits [N, C], targets int32 [N]. Goes out: a scalar in nats.

import * as tf from '@tensorflow/tfjs'
import { withGradient } from './with-gradient.js'

/**
 * Average −log softmax(z)[target] over rows; ∂L/∂z = (softmax(z) − onehot(target)) / N.
 * With p = softmax(z), log Σ e^z = max z − log max p: one fused softmax and two maxima instead of a chain of passes
 * over [N, C], and safe, since max p ≥ 1 / C.
 */
export function crossEntropy(logits: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  const [rows, classes] = logits.shape as [number, number]
  return withGradient(
    [logits],
    (scores) => {
      const probability = tf.softmax(scores)
      // tfjs wasm 4.22 writes integer bits into a float one-hot: cast an integer one instead.
      const chosen = tf.cast(tf.oneHot(targets, classes, 1, 0, 'int32'), 'float32')
      const normaliser = tf.sub(tf.max(scores, -1), tf.log(tf.max(probability, -1)))
      const value = tf.mean(tf.sub(normaliser, tf.sum(tf.mul(scores, chosen), -1)))
      return { value, saved: [probability, chosen] }
    },
    (dy, probability, chosen) => [tf.mul(tf.sub(probability, chosen), tf.div(dy, rows))],
  )
}
