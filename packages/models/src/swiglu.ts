// The gate of a gated feed-forward layer.
// Comes in: gate and up projections, [N, h] each. Goes out: [N, h]. Source: Shazeer, arXiv 2002.05202.

import * as tf from '@tensorflow/tfjs-core'
import { withGradient } from './with-gradient.js'

/**
 * Multiply up by silu(gate) = gate · σ(gate). Backward: ∂up = ∂y · silu, ∂gate = ∂y · up · (silu + σ (1 −
 * silu)), from the two factors that the forward pass made.
 */
export function swiglu(gate: tf.Tensor, up: tf.Tensor): tf.Tensor {
  return withGradient(
    [gate, up],
    (g, u) => {
      const sigmoid = tf.sigmoid(g)
      const silu = tf.mul(g, sigmoid)
      return { value: tf.mul(silu, u), saved: [u, sigmoid, silu] }
    },
    (dy, u, sigmoid, silu) => {
      const slope = tf.add(silu, tf.mul(sigmoid, tf.sub(1, silu)))
      return [tf.mul(tf.mul(dy, u), slope), tf.mul(dy, silu)]
    },
  )
}
