// What llama.cpp makes of an architecture of Hugging Face, in both directions. Comes in: names of tensors,
// how their rows lie, how metadata become a configuration, and how that becomes metadata. Goes out: a frozen
// record.

import type { GgufMetadata } from '../gguf-content.js'
import type { GgufHeader } from '../gguf-header.js'
import type { ConfigKeys } from './config-keys.js'
import type { HfKeys } from './hf-keys.js'

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
  /** Rows are permuted for rotary pairs, within heads of queries or of keys. Default: as they were. */
  readonly permuted?: keyof Heads
  /** Hugging Face has the matrix with inputs as rows. Default: as files have it. */
  readonly transposed?: true
}

/** What a configuration is made of. */
export interface GgufModel extends Pick<GgufHeader, 'tensors'> {
  read(name: string): Promise<Float32Array>
}

/** What a file says of a configuration. */
export interface GgufModelParts {
  /** By the rest of their keys: `block_count`. */
  readonly metadata: GgufMetadata
  /** Tensors that are a part of the configuration, in f32. Default: none. */
  readonly tensors?: Readonly<Record<string, Float32Array>>
  /** Where rows are permuted within heads. */
  readonly heads?: Heads
}

/** An architecture that can be read and written. */
export interface GgufArchitecture {
  /** As `general.architecture` and `model_type` call it. */
  readonly name: string
  /** llama.cpp's names of tensors, `*` for the number of a layer. */
  readonly tensors: Readonly<Record<string, HfTensor>>
  /** Tensors that are a part of the configuration. */
  readonly configTensors: readonly string[]
  /** What config.json would say, but for `model_type` and `tie_word_embeddings`. */
  config(keys: ConfigKeys, model: GgufModel): Promise<Readonly<Record<string, unknown>>>
  /** What a file says of a config.json, which has no other keys than those that are asked for. */
  parts(keys: HfKeys): GgufModelParts
}

/** Make the record of an architecture. */
export function defineGgufArchitecture(architecture: GgufArchitecture): GgufArchitecture {
  return Object.freeze(architecture)
}

/** Tensors by names of which only these differ: the same rows. */
export function named(names: Readonly<Record<string, string>>): Readonly<Record<string, HfTensor>> {
  return Object.fromEntries(Object.entries(names).map(([from, name]) => [from, { name }]))
}
