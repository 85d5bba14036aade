// The positions 0 … T − 1 as a tensor made inside the graph. Comes in: T. Goes out: float32 [T]. Two short
// vectors are added as row and column, so that no constant grows with T.

import * as tf from '@tensorflow/tfjs-core'

/** Build 0, 1, … T − 1 from constants of √T elements. Exact in f32 below 2²⁴. */
export function positions(context: number): tf.Tensor {
  const side = Math.ceil(Math.sqrt(context))
  const steps = Array.from({ length: side }, (_, i) => i)
  const rows = tf.tensor2d(
    steps.map((i) => i * side),
    [side, 1],
    'float32',
  )
  const square = tf.add(rows, tf.tensor2d(steps, [1, side], 'float32'))
  return tf.slice(tf.reshape(square, [side * side]), [0], [context])
}
