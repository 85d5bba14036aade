// The matrix on a page's graphics: gpu.js and tfjs's backends. Comes in: nothing. Goes out: what ran where,
// and how far off. A bundle of its own: tensors are larger than all of @lotion.

import '@tensorflow/tfjs-backend-webgpu'
import { runColumns, type BrowserResult } from './browser-matrix.js'
import { executorLaws, trainingSteps } from './browser-gpu.js'
import { gpuColumn } from './gpu-columns.js'
import type { MatrixExecutor } from './run-matrix.js'
import { tfjsColumn } from './tfjs-columns.js'

/** Open an executor's column, or say why it cannot be had: as a column that fails would. */
async function opened(name: string, open: () => Promise<MatrixExecutor>): Promise<readonly BrowserResult[]> {
  try {
    const column = await open()
    const { ulp = {}, flushes = false } = column.errors ?? {}
    const stated = Object.entries(ulp).flatMap(([operation, errors]) =>
      errors > 0 ? [`${operation} ${errors} ulp`] : [],
    )
    const ran = [name, ...stated, ...(flushes ? ['flushes'] : [])].join(', ')
    return await runColumns([{ ...column, ran: () => ran }])
  } catch (error) {
    const off = [error instanceof Error ? error.message : String(error)]
    return [
      { executor: name, ran: 'nowhere', elsewhere: 0, functions: 0, values: 0, worst: 0, off, seconds: 0 },
    ]
  }
}

/** Run the matrix on gpu.js's WebGPU and WebGL2, and on every backend of tfjs that uses graphics. */
export async function deviceMatrix(): Promise<readonly BrowserResult[]> {
  return [
    ...(await opened('webgpu', () => gpuColumn('webgpu'))),
    ...(await opened('webgl2', () => gpuColumn('webgl2'))),
    await executorLaws('webgl2'),
    await trainingSteps('webgl2'),
    ...(await opened('webgpu', () => tfjsColumn('webgpu'))),
    ...(await opened('webgl', () => tfjsColumn('webgl'))),
  ]
}
