// Executors of Node beside the CPU's: columns of the matrix, and why some are missing. Comes in: nothing.
// Goes out: columns. WebGPU runs on the graphics processor, or on a driver in software (VK_DRIVER_FILES),
// else not at all.

import { chooseBackend } from '@lotion/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { gpuColumn } from './gpu-columns.js'
import type { MatrixExecutor } from './run-matrix.js'
import { tfjsColumn } from './tfjs-columns.js'

/** Columns, and what is missing in words. */
export interface NodeColumns {
  readonly columns: readonly MatrixExecutor[]
  readonly missing: readonly string[]
}

/** Open what this machine has. */
export async function nodeColumns(): Promise<NodeColumns> {
  const columns = []
  for (const backend of ['cpu', 'wasm'])
    for (const inHost of [false, true]) columns.push(await tfjsColumn(backend, inHost))
  const missing: string[] = []
  const { considered } = await chooseBackend({ software: true })
  const webgpu = considered.find(({ name }) => name === 'webgpu')
  if (webgpu === considered.at(-1)) columns.push(await tfjsColumn('webgpu'))
  else missing.push(`tfjs webgpu: ${webgpu?.reason ?? 'not considered'}`)
  for (const mode of ['webasm', 'webgpu'] as const) {
    try {
      columns.push(await gpuColumn(mode))
    } catch (error) {
      missing.push(`gpu ${mode}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { columns, missing }
}
