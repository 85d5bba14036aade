// One tfjs: copies of tfjs-core share engine, kernels and gradients through globals, but not their classes,
// and nothing promises that two versions go together. Comes in: an instance of tfjs. Goes out: the same,
// checked.
// Source: engine.ts of tfjs-core, `getOrMakeEngine`.

import * as ownTf from '@tensorflow/tfjs-core'

/**
 * Check that an instance of tfjs is the tfjs-core that this package imports, alone or within another package.
 * @throws TypeError if it is another copy, or if another copy made the engine that all of them share.
 */
export function oneCore<T extends typeof ownTf>(tf: T): T {
  if (tf.version_core !== ownTf.version_core || tf.engine() !== ownTf.engine() || tf.Tensor !== ownTf.Tensor)
    throw twoCores(tf.version_core)
  if (ownTf.env().constructor !== ownTf.Environment) throw twoCores('a copy that was loaded first')
  return tf
}

const twoCores = (found: string): TypeError =>
  new TypeError(
    `tf: expected one @tensorflow/tfjs-core, that of @lotion/tfjs, ${ownTf.version_core}, found another, ${found}; ` +
      'see `npm ls @tensorflow/tfjs-core`, and install versions of tfjs packages that share one copy',
  )

/**
 * Wait for the backend.
 * @throws Error if none was imported.
 */
export async function backendReady(tf: typeof ownTf): Promise<void> {
  if (Object.keys(tf.engine().registryFactory).length === 0)
    throw new Error(
      'backend: expected one that tfjs knows, found none; ' +
        "import '@tensorflow/tfjs-backend-cpu', or another, after installing it",
    )
  await tf.ready()
}
