// The executor over tensors on tfjs's backends: columns of the matrix. Comes in: backends. Goes out: executors.
// Operation by operation, as on a backend whose memory is elsewhere: its own kernels are those of the CPU executor.

import { tfjsExecutor } from '@lotion/tfjs'
import * as tf from '@tensorflow/tfjs'
import { devicesGet, few } from './few-functions.js'
import { statedErrors } from './reachable-values.js'
import type { MatrixExecutor } from './run-matrix.js'

/** Make the column of a backend that is registered and can be set. @throws if it cannot. */
export async function tfjsColumn(backend: string): Promise<MatrixExecutor> {
  tf.env().set('PROD', true)
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs: the backend '${backend}' is not to be had`)
  const executor = tfjsExecutor({ host: false })
  const onDevice = backend !== 'cpu' && backend !== 'wasm'
  return {
    name: `tfjs ${backend}`,
    executor,
    ...statedErrors(executor.bounds),
    only: onDevice ? devicesGet : few,
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
