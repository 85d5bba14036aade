// Weights by name, of whatever holds some: models, and ONNX files that were exported. Comes in: a path. Goes
// out: tensors that are read one at a time. Source: docs/design/19-export.md.

import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sourceOf } from '@lotion/checkpoints/internal'
import { openOnnx, type ExportTensor } from '@lotion/export'
import { openExport, type ExportWish } from './open-export.js'

/** Weights that are open. */
export interface OpenWeights {
  readonly tensors: readonly Pick<ExportTensor, 'name' | 'shape' | 'read'>[]
  close(): Promise<void>
}

/**
 * Open what can be compared: whatever `openExport` reads, an `.onnx` file that was exported, or its folder.
 * @throws as `openExport`; RangeError for a folder with several ONNX files.
 */
export async function openWeights(path: string, wish: Pick<ExportWish, 'formats'>): Promise<OpenWeights> {
  const file = path.endsWith('.onnx') ? path : await onnxFileIn(path)
  if (file === undefined) return openExport(path, wish)
  const { tensors, read, close } = await openOnnx(await sourceOf(file)).catch((error: unknown) => {
    throw new Error(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  })
  return {
    tensors: Object.entries(tensors).map(([name, { shape }]) => ({ name, shape, read: () => read(name) })),
    close,
  }
}

/** The file of weights of a folder for transformers.js; none of one that has weights of its own besides. */
async function onnxFileIn(folder: string): Promise<string | undefined> {
  const beside = await readdir(folder).catch((): readonly string[] => [])
  if (beside.some((name) => name.endsWith('.safetensors'))) return undefined
  const names = await readdir(join(folder, 'onnx')).catch((): readonly string[] => [])
  const files = names.filter((name) => name.endsWith('.onnx'))
  if (files.length > 1)
    throw new RangeError(
      `${folder}: expected one ONNX file, found ${files.join(', ')}; name one: ${join(folder, 'onnx', files[0]!)}`,
    )
  return files[0] === undefined ? undefined : join(folder, 'onnx', files[0])
}
