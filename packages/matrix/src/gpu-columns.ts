// The executor of kernels for devices: a column of the matrix. Comes in: a mode. Goes out: a column.

import { gpuExecutor, type GpuMode } from '@lotion/gpu'
import { devicesGet } from './few-functions.js'
import { statedErrors } from './reachable-values.js'
import type { MatrixExecutor } from './run-matrix.js'

/** Make the column of a mode. @throws if the mode is not to be had here. */
export async function gpuColumn(mode: GpuMode): Promise<MatrixExecutor> {
  const executor = await gpuExecutor({ mode })
  return {
    name: `gpu ${mode}`,
    executor: executor as unknown as MatrixExecutor['executor'],
    ...statedErrors(executor.bounds),
    only: devicesGet,
    light: true,
  }
}
