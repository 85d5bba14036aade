// Work that a gradient's tape must not see. Comes in: a function. Goes out: its tensors.
// tfjs records operations unless it is inside a kernel; what is run here counts as one.

import type * as tfjs from '@tensorflow/tfjs-core'

/** Run a function as `tf.tidy` does, unrecorded. */
export function untaped<R extends tfjs.TensorContainer>(tf: typeof tfjs, run: () => R): R {
  const { state } = tf.engine()
  state.kernelDepth++
  try {
    return tf.tidy(run)
  } finally {
    state.kernelDepth--
  }
}
