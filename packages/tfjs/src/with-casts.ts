// Variables hold casts of their weights for as long as a loss and its gradients are computed. Comes in:
// variables and casts. Goes out: what was computed. Layers read their variables as always, so nothing has to
// know.

import type { Tree } from '@lotion/core'
import type * as tfjs from '@tensorflow/tfjs-core'

/** Let variables hold other values while something is computed; afterwards they are always as before. */
export function withCasts<R>(
  tf: typeof tfjs,
  params: Tree<tfjs.Variable>,
  names: readonly string[],
  casts: () => Tree<tfjs.Tensor>,
  compute: () => R,
): R {
  const own = names.map((name) => [params[name]!, tf.keep(params[name]!.clone())] as const)
  try {
    tf.tidy(() => {
      const values = casts()
      for (const name of names) params[name]!.assign(tf.reshape(values[name]!, params[name]!.shape))
    })
    return compute()
  } finally {
    for (const [variable, weights] of own) {
      variable.assign(weights)
      weights.dispose()
    }
  }
}
