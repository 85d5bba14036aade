// Keeps a trained model. Comes in: a result. Goes out: a safetensors file. Source: the layout of Llama checkpoints.

import { gridMetadata, gridRecord, writeSafetensors } from '@lotion/checkpoints'
import { blockName, mapTree, type NumberFormat } from '@lotion/core'
import { quantizedAxes } from '@lotion/optim'
import { languageRule, type LanguageResult } from './train-language.js'

/**
 * Write the weights as a runtime of the format would see them: quantized matrices dequantized to f32, each a code times
 * its block's scale; embeddings, norms and head as trained. The metadata says how they came about, and of each matrix the grid it
 * lies on, from which `cast` and `inspect` take it.
 */
export async function saveModel(path: string, result: LanguageResult, format: NumberFormat): Promise<void> {
  const { shapes, config } = result.model
  const { method, seed, steps, fullPrecision, nearest } = result.record
  const axes = quantizedAxes(languageRule, shapes)
  const grids = new Map([...axes].map(([name, axis]) => [name, gridRecord(format, axis)]))
  await writeSafetensors(
    path,
    mapTree(result.quantized, (data, name) => ({ data, shape: shapes[name]! })),
    {
      // Other loaders read here whose layout the tensors have.
      format: 'pt',
      ...gridMetadata(grids),
      'number format': format.name,
      block: blockName(format.block),
      method,
      seed: String(seed),
      steps: String(steps),
      'validation loss, full precision': String(fullPrecision),
      'validation loss, nearest cast': String(nearest),
      model: JSON.stringify({ type: 'llama', ...config }),
    },
  )
}
