// Keeps a trained model. Comes in: weights, and the run that made them. Goes out: a safetensors file, as
// checkpoints of models have it.
// Source: docs/design/04-bench.md, the grid of a file.

import { gridMetadata, gridRecord, writeSafetensors } from '@lotion/checkpoints'
import { WHICH_WEIGHTS } from '@lotion/checkpoints/internal'
import { mapTree, type NumberFormat, type Tree } from '@lotion/core'
import { blockName } from '@lotion/core/internal'
import { formatWord } from '@lotion/formats/internal'
import { quantizedAxes } from '@lotion/optim'
import type { ResultRecord } from '../records.js'
import type { Task, Workload } from '../tasks/task.js'

/** What is written about weights beside them. */
export interface SavedModel {
  /** The run that made them; its losses, if they are those of these weights. */
  readonly record: Pick<ResultRecord, 'method' | 'seed' | 'steps'> & Partial<ResultRecord>
  readonly task: Task
  readonly workload: Workload
  /** What they were trained for. */
  readonly format: NumberFormat
}

/**
 * Write cast weights as a runtime of the format would see them: those that are quantized dequantized to f32,
 * each a code times its block's scale; the others as trained. The metadata says how they came about, and of
 * each quantized one the grid it lies on, from which `cast` and `inspect` take it.
 */
export async function saveCast(
  path: string,
  quantized: Tree<Float32Array>,
  saved: SavedModel,
): Promise<void> {
  const { quantize, shapes } = saved.workload
  const axes = quantizedAxes(quantize, shapes)
  const grids = new Map(
    [...axes].map(([name, axis]) => [name, gridRecord(axes.formats?.get(name) ?? saved.format, axis)]),
  )
  await write(path, quantized, saved, { [WHICH_WEIGHTS]: 'cast', ...gridMetadata(grids) })
}

/**
 * Write weights in full precision, with what they were trained for: those that a run took, or the last where
 * it took others.
 */
export async function saveTrained(
  path: string,
  trained: Tree<Float32Array>,
  saved: SavedModel,
  which: 'trained' | 'last' = 'trained',
): Promise<void> {
  await write(path, trained, saved, { [WHICH_WEIGHTS]: which })
}

/** Which weights of a run these are, in words. */
function takenText({ bestStep, averaged, steps }: SavedModel['record']): string {
  const whose = averaged === undefined ? 'weights' : `averages of weights (decay ${averaged})`
  return `${whose} after step ${bestStep ?? steps}, ${bestStep === undefined ? 'the last' : 'the best evaluated'}`
}

async function write(
  path: string,
  weights: Tree<Float32Array>,
  { record, task, workload, format }: SavedModel,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  const { shapes, config, model = { type: task.name, ...config }, beside } = workload
  const { method, seed, steps, fullPrecision, nearest } = record
  await writeSafetensors(
    path,
    // Copies: arrays of training may share their memory with threads.
    mapTree(weights, (data, name) => ({ data: Float32Array.from(data), shape: shapes[name]! })),
    {
      // Other loaders read here whose layout the tensors have.
      format: 'pt',
      ...metadata,
      'number format': formatWord(format),
      block: blockName(format.block),
      method,
      seed: String(seed),
      steps: String(steps),
      taken: takenText(record),
      ...(fullPrecision === undefined
        ? {}
        : { [`${task.loss.name}, full precision`]: String(fullPrecision) }),
      ...(nearest === undefined ? {} : { [`${task.loss.name}, nearest cast`]: String(nearest) }),
      model: JSON.stringify(model),
      ...beside?.metadata,
    },
  )
}
