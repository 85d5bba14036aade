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
  const release = holdCasts(tf, params, names, casts)
  try {
    return compute()
  } finally {
    release()
  }
}

/**
 * Let variables hold other values until the function that is returned is called; where the casts fail, they
 * are as before.
 */
export function holdCasts(
  tf: typeof tfjs,
  params: Tree<tfjs.Variable>,
  names: readonly string[],
  casts: () => Tree<tfjs.Tensor>,
): () => void {
  const own = names.map((name) => [params[name]!, tf.keep(params[name]!.clone())] as const)
  const release = (): void => {
    for (const [variable, weights] of own) {
      variable.assign(weights)
      weights.dispose()
    }
  }
  try {
    tf.tidy(() => {
      const values = casts()
      for (const name of names) params[name]!.assign(tf.reshape(values[name]!, params[name]!.shape))
    })
  } catch (error) {
    release()
    throw error
  }
  return release
}
