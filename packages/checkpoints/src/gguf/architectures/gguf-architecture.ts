// What llama.cpp makes of an architecture of Hugging Face, read backwards. Comes in: names of tensors, how
// their rows lie, how metadata become a configuration. Goes out: a frozen record.

import type { GgufHeader } from '../gguf-header.js'
import type { ConfigKeys } from './config-keys.js'

/** Weights in the order of their shape. */
export interface Weights {
  readonly data: Float32Array
  readonly shape: readonly number[]
}

/** How many heads there are, of queries and of keys. */
export interface Heads {
  readonly heads: number
  readonly kvHeads: number
}

/** What a tensor is called at Hugging Face; `*` is the number of a layer. */
export interface HfTensor {
  readonly name: string
  /** Puts the weights back into the order that they had. Default: it is the same. */
  readonly undo?: (weights: Weights, heads: Heads) => Weights
  /** The shape after `undo`. Default: the same. */
  readonly shape?: (shape: readonly number[]) => readonly number[]
}

/** What a configuration is made of. */
export interface GgufModel extends Pick<GgufHeader, 'tensors'> {
  read(name: string): Promise<Float32Array>
}

/** An architecture that can be read. */
export interface GgufArchitecture {
  /** As `general.architecture` and `model_type` call it. */
  readonly name: string
  /** llama.cpp's names of tensors, `*` for the number of a layer. */
  readonly tensors: Readonly<Record<string, HfTensor>>
  /** Tensors that are a part of the configuration. */
  readonly configTensors: readonly string[]
  /** What config.json would say, but for `model_type` and `tie_word_embeddings`. */
  config(keys: ConfigKeys, model: GgufModel): Promise<Readonly<Record<string, unknown>>>
}

/** Make the record of an architecture. */
export function defineGgufArchitecture(architecture: GgufArchitecture): GgufArchitecture {
  return Object.freeze(architecture)
}

/** Tensors by names of which only these differ: the same rows. */
export function named(names: Readonly<Record<string, string>>): Readonly<Record<string, HfTensor>> {
  return Object.fromEntries(Object.entries(names).map(([from, name]) => [from, { name }]))
}
