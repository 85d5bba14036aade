// A checkpoint as weights, however each is stored. Comes in: an open file. Goes out: names and shapes of
// weights, and their numbers.

import type { Shape } from '@lotion/core'
import type { SafetensorsFile } from '../safetensors-view.js'
import { quantizedWeights } from './quantized-weights.js'
import { readWeight } from './read-weight.js'

/** Weights by name, read one at a time. */
export interface ReadableWeights {
  /** Shapes of the weights; codes and scales are not among them where their layout is known. */
  readonly tensors: Readonly<
    Record<
      string,
      {
        /** Of the weight. */
        readonly shape: Shape
      }
    >
  >
  /**
   * Read one as f32.
   * @param name One of `tensors`.
   */
  read(name: string): Promise<Float32Array>
}

/**
 * See a checkpoint as its weights: what is quantized in a layout that is known here stands there under the
 * name and the shape of the weight, all else as the tensors that there are.
 * @param file Open, until all is read.
 */
export function readableWeights(
  file: Pick<SafetensorsFile, 'path' | 'tensors' | 'metadata' | 'tensor'>,
): ReadableWeights {
  const { weights, parts } = quantizedWeights(file)
  const tensors = new Map<string, { readonly shape: Shape }>()
  for (const [name, { shape }] of Object.entries(file.tensors)) {
    const owner = weights.get(parts.get(name) ?? '')
    if (owner?.known) tensors.set(owner.name, { shape: owner.known.shape })
    else tensors.set(name, { shape })
  }
  return {
    tensors: Object.fromEntries(tensors),
    read: async (name) => (await readWeight(file, name)).data,
  }
}
