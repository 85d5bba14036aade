// Keeps a trained model. Comes in: what a method gave. Goes out: a safetensors file, as checkpoints of models
// have it.
// Source: docs/design/04-bench.md, the grid of a file.

import { gridMetadata, gridRecord, writeSafetensors } from '@lotion/checkpoints'
import { mapTree, type NumberFormat } from '@lotion/core'
import { blockName } from '@lotion/core/internal'
import { quantizedAxes } from '@lotion/optim'
import type { Task, Workload } from '../tasks/task.js'
import type { ComparedMethod } from './comparison.js'

/**
 * Write the weights as a runtime of the format would see them: those that are quantized dequantized to f32,
 * each a code times its block's scale; the others as trained. The metadata says how they came about, and of
 * each quantized one the grid it lies on, from which `cast` and `inspect` take it.
 */
export async function saveModel(
  path: string,
  { record, quantized }: NonNullable<ComparedMethod['kept']>,
  {
    task,
    workload,
    format,
  }: { readonly task: Task; readonly workload: Workload; readonly format: NumberFormat },
): Promise<void> {
  const { shapes, quantize, config, model = { type: task.name, ...config } } = workload
  const { method, seed, steps, fullPrecision, nearest } = record
  const axes = quantizedAxes(quantize, shapes)
  const grids = new Map(
    [...axes].map(([name, axis]) => [name, gridRecord(axes.formats?.get(name) ?? format, axis)]),
  )
  await writeSafetensors(
    path,
    mapTree(quantized, (data, name) => ({ data, shape: shapes[name]! })),
    {
      // Other loaders read here whose layout the tensors have.
      format: 'pt',
      ...gridMetadata(grids),
      'number format': format.name,
      block: blockName(format.block),
      method,
      seed: String(seed),
      steps: String(steps),
      [`${task.loss.name}, full precision`]: String(fullPrecision),
      [`${task.loss.name}, nearest cast`]: String(nearest),
      model: JSON.stringify(model),
    },
  )
}
