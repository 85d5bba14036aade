// Packed weights among those of a manifest. Comes in: a weight's entry. Goes out: entries of its codes and
// scales, under names of their own; what model.json says of all of them; bytes of an entry.

import type { io } from '@tensorflow/tfjs-core'
import type { PackedWeight } from './packed-weight.js'

/** Where in model.json's `userDefinedMetadata` packed weights are described. */
export const METADATA = 'lotion'

/** What stands there. */
export interface PackedWeights {
  readonly version: 1
  readonly weights: readonly PackedWeight[]
}

/** Entries for the codes, as bytes, and the scales of a weight. */
export function packedSpecs(
  { name, group }: io.WeightsManifestEntry,
  codes: number,
  scales: number,
): readonly io.WeightsManifestEntry[] {
  const grouped = group === undefined ? {} : { group }
  const quantization = { dtype: 'uint8', scale: 1, min: 0 } as const
  return [
    { name: `${name}.codes`, shape: [codes], dtype: 'int32', quantization, ...grouped },
    { name: `${name}.scales`, shape: [scales], dtype: 'float32', ...grouped },
  ]
}

const bytesAnElement = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 } as const

/** Bytes of an entry's data. @throws RangeError for texts and complex numbers, which no layer has. */
export function bytesOfEntry({ name, shape, dtype, quantization }: io.WeightsManifestEntry): number {
  const stored = quantization?.dtype ?? dtype
  if (stored === 'string' || stored === 'complex64')
    throw new RangeError(`'${name}': expected float32, int32 or bool, found ${stored}`)
  return shape.reduce((product, extent) => product * extent, bytesAnElement[stored])
}
