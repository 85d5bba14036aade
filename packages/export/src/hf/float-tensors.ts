// Weights as floating-point numbers of a file. Comes in: tensors of a model, a type. Goes out: what a
// safetensors file is written from; types that round are refused before.

import { fromFloat32, type TensorSource } from '@lotion/checkpoints/bytes'
import { sizeOf } from '@lotion/core'
import type { ExportTensor } from '../export-model.js'
import type { FloatType } from '../export-target.js'

/** A weight as its numbers; [in, out] where a checkpoint of Hugging Face has it so. */
export function floatTensor(tensor: ExportTensor, dtype: FloatType): TensorSource {
  const { shape, transposed = false } = tensor
  return {
    dtype,
    shape: transposed ? shape.toReversed() : shape,
    read: async () => {
      const weights = await tensor.read()
      return fromFloat32(transposed ? turned(weights, shape) : weights, dtype).bytes
    },
  }
}

/** A matrix [rows, columns] turned around. */
function turned(from: Float32Array, [rows = 1, columns = 1]: readonly number[]): Float32Array {
  const into = new Float32Array(from.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) into[column * rows + row] = from[row * columns + column]!
  return into
}

/** How many tensors a message names. */
const SHOWN = 3

/**
 * Refuse a type that rounds. Nothing is read for F32, which holds them all.
 * @param target For the message.
 * @throws RangeError with the count, and the first tensors.
 */
export async function refuseRounding(
  target: string,
  tensors: readonly ExportTensor[],
  dtype: FloatType,
): Promise<void> {
  if (dtype === 'F32') return
  const rounded: string[] = []
  let [changed, all] = [0, 0]
  for (const tensor of tensors) {
    const size = sizeOf(tensor.shape)
    const count = roundedBy(await tensor.read(), dtype)
    all += size
    changed += count
    if (count > 0) rounded.push(`'${tensor.name}' ${count} of ${size}`)
  }
  if (changed === 0) return
  const more = rounded.length > SHOWN ? `, … (${rounded.length} tensors in all)` : ''
  throw new RangeError(
    `${target}: dtype: expected a type that holds every weight, found ${dtype}, which would change ${changed} of ${all}: ${rounded.slice(0, SHOWN).join(', ')}${more}; take F32`,
  )
}

/** Weights that are others in a type: rounded, or too large for it. */
function roundedBy(weights: Float32Array, dtype: FloatType): number {
  try {
    return fromFloat32(weights, dtype).rounded
  } catch {
    // Some are beyond its largest number.
    return weights.reduce((count, weight) => count + (isHeld(weight, dtype) ? 0 : 1), 0)
  }
}

function isHeld(weight: number, dtype: FloatType): boolean {
  try {
    return fromFloat32(Float32Array.of(weight), dtype).rounded === 0
  } catch {
    return false
  }
}

/** Refuse to leave weights unpacked where packing is what a target is for. @throws RangeError */
export function refuseUnpacked(target: string, unpacked: boolean | undefined): void {
  if (unpacked)
    throw new RangeError(
      `unpacked: expected none for ${target}, whose weights are packed, found it; export to hf, which holds the numbers`,
    )
}
