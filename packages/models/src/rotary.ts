// Rotary position embedding: turns pairs of features by an angle proportional to the position, so that the
// product of a query and a key depends on their distance alone. Comes in: [B, H, T, D], D even. Goes out: the
// same.
// Source: Su et al., arXiv 2104.09864; feature i is paired with i + D/2, as in Llama checkpoints.

import * as tf from '@tensorflow/tfjs-core'

/** Cosines and sines of the angles position · frequency, each [T, D/2] or [B, 1, T, D/2]. */
export interface RotaryTable {
  readonly cos: tf.Tensor
  readonly sin: tf.Tensor
}

/**
 * Build the table of positions [T, 1] or [B, 1, T, 1] inside the graph from small vectors, so that a traced
 * step holds no large constant.
 */
export function rotaryTable(positions: tf.Tensor, frequencies: readonly number[]): RotaryTable {
  const angles = tf.mul(positions, tf.tensor2d([...frequencies], [1, frequencies.length], 'float32'))
  return { cos: tf.cos(angles), sin: tf.sin(angles) }
}

/** Scale a table, and by that whatever it turns: the 1/√D of attention costs nothing there. */
export function scaleTable({ cos, sin }: RotaryTable, factor: number): RotaryTable {
  return { cos: tf.mul(cos, factor), sin: tf.mul(sin, factor) }
}

/** Turn x [B, H, T, D] by the table's angles: (a, b) → (a cos − b sin, b cos + a sin). */
export function rotate(x: tf.Tensor, { cos, sin }: RotaryTable): tf.Tensor {
  const [a, b] = tf.split(x, 2, -1) as [tf.Tensor, tf.Tensor]
  return tf.concat([tf.sub(tf.mul(a, cos), tf.mul(b, sin)), tf.add(tf.mul(b, cos), tf.mul(a, sin))], -1)
}
