// One weight of a file, whatever it is stored as. Comes in: an open checkpoint, a name. Goes out: its numbers
// in f32.
// Source: docs/design/11-files.md.

import type { NumberFormat, Shape } from '@lotion/core'
import type { SafetensorsFile } from '../safetensors-view.js'
import { toFloat32 } from '../to-float32.js'
import { quantizedWeights } from './quantized-weights.js'

/**
 * Read a weight as f32: as it stands in the file, or what its codes and scales stand for, those of `castFile`
 * and those of other tools. `formats` are what it may be packed as besides the built-in ones. Default: none.
 * @param file Open; only what belongs to the weight is read.
 * @param name Of the weight, also where the file has only its codes and scales.
 * @param options Formats of one's own.
 * @throws RangeError if there is none of this name, or it is quantized in a layout that is not known.
 */
export async function readWeight(
  file: Pick<SafetensorsFile, 'path' | 'tensors' | 'metadata' | 'tensor'>,
  name: string,
  { formats }: { readonly formats?: readonly NumberFormat[] | undefined } = {},
): Promise<{
  /** In row-major order; F32 shares the memory that the file was read into, where it can. */
  readonly data: Float32Array
  /** Of the weight, not of its codes. */
  readonly shape: Shape
}> {
  const { weights } = quantizedWeights(file, formats)
  const quantized = weights.get(name)
  if (quantized?.known) return { data: await quantized.known.read(file), shape: quantized.known.shape }
  if (quantized)
    throw new RangeError(
      `${file.path}: '${name}' is quantized in a layout that is not read here: ${quantized.parts.join(', ')}`,
    )
  if (!Object.hasOwn(file.tensors, name)) {
    const names = [...new Set([...Object.keys(file.tensors), ...weights.keys()])]
    const more = names.length > 8 ? `, … (${names.length} in all)` : ''
    throw new RangeError(
      `${file.path}: expected one of ${names.slice(0, 8).join(', ')}${more}, found no '${name}'`,
    )
  }
  return { data: toFloat32(await file.tensor(name)), shape: file.tensors[name]!.shape }
}
