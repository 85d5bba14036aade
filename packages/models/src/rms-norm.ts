// Root-mean-square normalisation over the last axis. Comes in: activations [N, d] and a gain [d]. Goes out:
// [N, d]. Source: Zhang and Sennrich, arXiv 1910.07467.

import * as tf from '@tensorflow/tfjs-core'
import { withGradient } from './with-gradient.js'

/**
 * Normalise rows: y = gain · x / √(mean(x²) + ε).
 * With x̂ the normalised row and r its factor, ∂L/∂x = r · (g − x̂ · mean(g · x̂)), g = gain · ∂L/∂y.
 */
export function rmsNorm(x: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor {
  const unit = withGradient(
    [x],
    (rows) => {
      const factor = tf.rsqrt(tf.add(tf.mean(tf.square(rows), -1, true), epsilon))
      const value = tf.mul(rows, factor)
      return { value, saved: [value, factor] }
    },
    (dy, value, factor) => [tf.mul(tf.sub(dy, tf.mul(value, tf.mean(tf.mul(dy, value), -1, true))), factor)],
  )
  return tf.mul(unit, gain)
}
