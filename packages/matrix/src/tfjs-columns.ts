// The executor over tensors on tfjs's backends: columns of the matrix. Comes in: backends. Goes out:
// executors.

import { tfjsExecutor } from '@lotion/tfjs'
import * as tf from '@tensorflow/tfjs'
import { devicesGet, slowGet } from './few-functions.js'
import { statedErrors } from './reachable-values.js'
import type { MatrixExecutor } from './run-matrix.js'

/**
 * Make the column of a backend that is registered and can be set: operation by operation, as where memory is
 * elsewhere, or in host memory by the kernels of the CPU executor, as it comes.
 * @throws if it cannot.
 */
export async function tfjsColumn(backend: string, inHost = false): Promise<MatrixExecutor> {
  tf.env().set('PROD', true)
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs: the backend '${backend}' is not to be had`)
  const executor = tfjsExecutor(inHost ? {} : { host: false })
  const onDevice = backend !== 'cpu' && backend !== 'wasm'
  return {
    name: `tfjs ${backend}${inHost ? ', kernels' : ''}`,
    executor,
    ...statedErrors(executor.bounds),
    only: onDevice ? devicesGet : slowGet,
    light: onDevice,
    begin: async () => {
      await tf.setBackend(backend)
      tf.engine().startScope()
    },
    end: () => {
      tf.engine().endScope()
      tf.disposeVariables()
    },
  }
}
