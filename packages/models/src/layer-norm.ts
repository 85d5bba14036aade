// Layer normalisation over the last axis. Comes in: activations [N, d] and a gain [d]. Goes out: [N, d].
// Source: Ba et al., arXiv 1607.06450.

import * as tf from '@tensorflow/tfjs-core'
import { withGradient } from './with-gradient.js'

/**
 * Normalise rows: y = gain · (x − mean(x)) / √(mean((x − mean(x))²) + ε).
 * With x̂ the normalised row, r its factor, g = gain · ∂L/∂y: ∂L/∂x = r · (g − mean(g) − x̂ · mean(g · x̂)).
 */
export function layerNorm(x: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor {
  const unit = withGradient(
    [x],
    (rows) => {
      const centred = tf.sub(rows, tf.mean(rows, -1, true))
      const factor = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon))
      const value = tf.mul(centred, factor)
      return { value, saved: [value, factor] }
    },
    (dy, value, factor) => {
      const along = tf.mul(value, tf.mean(tf.mul(dy, value), -1, true))
      return [tf.mul(tf.sub(tf.sub(dy, tf.mean(dy, -1, true)), along), factor)]
    },
  )
  return tf.mul(unit, gain)
}
