// Tensors of a GGUF file as Hugging Face has them. Comes in: an open file. Goes out: its tensors under other
// names, in the order of rows that they had. Source: llama.cpp's convert_hf_to_gguf.py, backwards.

import { dictionary } from '../safetensors-header.js'
import { shownName } from '../shown.js'
import type { Heads, HfTensor } from './architectures/gguf-architecture.js'
import { architectureOf } from './architectures/known-architectures.js'
import { turned, unpermuted } from './architectures/row-order.js'
import type { GgufTensorInfo } from './gguf-header.js'
import { ggufValue } from './gguf-metadata.js'
import type { GgufFile } from './gguf-view.js'

/** A tensor under the name that Hugging Face has for it. */
export interface HfTensorInfo extends GgufTensorInfo {
  /** What the file calls it. */
  readonly from: string
}

/** Tensors as a checkpoint of Hugging Face has them. */
export interface HfTensors {
  /** By Hugging Face's names, in the order of the file; an object without a prototype. */
  readonly tensors: Readonly<Record<string, HfTensorInfo>>
  /**
   * Decode a tensor to f32, in the order of its shape.
   * @param name One of `tensors`.
   * @throws RangeError as `read` of the file.
   */
  read(name: string): Promise<Float32Array>
}

/**
 * Give the tensors of a GGUF file the names that Hugging Face has for them, and their rows the order that
 * they had: llama.cpp permutes those of queries and keys of `llama`, and transposes the matrices of `gpt2`.
 * Known are the architectures llama, qwen2, qwen3 and gpt2.
 * @param file Open; tensors are read when asked for.
 * @throws RangeError naming the architecture or the tensor that is not known.
 * @example
 * ```ts
 * import { hfTensors } from '@lotion/checkpoints'
 *
 * const file = {
 *   path: 'tiny.gguf',
 *   metadata: { 'general.architecture': 'llama', 'llama.attention.head_count': 1 },
 *   tensors: { 'blk.0.attn_q.weight': { type: 'F32', shape: [4, 1] } },
 *   read: async () => Float32Array.of(0, 2, 1, 3), // what an open file does
 * }
 * const { tensors, read } = hfTensors(file)
 * for (const name of Object.keys(tensors)) console.log(name, await read(name))
 * ```
 */
export function hfTensors(file: Pick<GgufFile, 'path' | 'metadata' | 'tensors' | 'read'>): HfTensors {
  const { path, metadata } = file
  const architecture = architectureOf(metadata)
  const heads = (): Heads => {
    const count = ggufValue(metadata, `${architecture.name}.attention.head_count`, 'whole')
    const key = `${architecture.name}.attention.head_count_kv`
    return { heads: count, kvHeads: ggufValue(metadata, key, 'whole', count) }
  }
  const tensors = dictionary<HfTensorInfo>()
  const known = new Map<string, HfTensor>()
  for (const [from, info] of Object.entries(file.tensors)) {
    if (architecture.configTensors.includes(from)) continue
    const layer = /^blk\.(0|[1-9][0-9]*)\./.exec(from)?.[1]
    const pattern = layer === undefined ? from : `blk.*.${from.slice(`blk.${layer}.`.length)}`
    const found = Object.hasOwn(architecture.tensors, pattern) ? architecture.tensors[pattern] : undefined
    if (!found || found.name.includes('*') !== (layer !== undefined))
      throw new RangeError(
        `${path}: ${shownName(from)}: expected a tensor of the architecture '${architecture.name}', found one that it does not have`,
      )
    const name = found.name.replace('*', layer ?? '')
    const shape = found.transposed ? info.shape.toReversed() : info.shape
    tensors[name] = { type: info.type, shape, from }
    known.set(name, found)
  }
  return {
    tensors,
    async read(name) {
      const found = known.get(name)
      if (!found) throw new RangeError(`${path}: expected a tensor of the model, found ${shownName(name)}`)
      const { from } = tensors[name]!
      const weights = { data: await file.read(from), shape: file.tensors[from]!.shape }
      if (found.permuted) return unpermuted(weights, heads()[found.permuted])
      return found.transposed ? turned(weights) : weights.data
    },
  }
}
