// The executor over tensors on tfjs's backends: columns of the matrix. Comes in: nothing. Goes out: executors.
// Operation by operation, as on a backend whose memory is elsewhere: its own kernels are those of the CPU executor.

import { tfjsExecutor } from '@lotion/tfjs'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { few } from './cpu-columns.js'
import type { MatrixExecutor } from './run-matrix.js'

/** Open the backends that compute in Node without more packages. */
export async function tfjsColumns(): Promise<readonly MatrixExecutor[]> {
  tf.env().set('PROD', true)
  const columns: MatrixExecutor[] = []
  for (const backend of ['cpu', 'wasm']) {
    if (!(await tf.setBackend(backend))) throw new Error(`tfjs: the backend '${backend}' is not to be had`)
    const executor = tfjsExecutor({ host: false })
    columns.push({
      name: `tfjs ${backend}`,
      executor,
      only: few,
      begin: async () => {
        await tf.setBackend(backend)
        tf.engine().startScope()
      },
      end: () => {
        tf.engine().endScope()
        tf.disposeVariables()
      },
    })
  }
  return columns
}
