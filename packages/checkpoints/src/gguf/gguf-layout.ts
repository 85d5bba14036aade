// How a model of Hugging Face stands in a GGUF file. Comes in: a parsed config.json. Goes out: metadata,
// names of tensors and the order of their rows. Source: llama.cpp's convert_hf_to_gguf.py.

import { dictionary } from '../safetensors-header.js'
import { shownName } from '../shown.js'
import { hfKeys } from './architectures/hf-keys.js'
import { architectureNamed } from './architectures/known-architectures.js'
import { permutedRows } from './architectures/row-order.js'
import type { GgufMetadata } from './gguf-content.js'

/** Where a tensor stands in a file. */
export interface GgufPlace {
  /** llama.cpp's name: `blk.0.attn_q.weight`. */
  readonly name: string
  /**
   * Which row of the model stands at each row of the file, where they are in another order.
   * @param rows How many there are.
   */
  rows?(rows: number): Uint32Array
}

/** How a model stands in a file. */
export interface GgufLayout {
  /** `general.architecture` and what is below its name: `llama.block_count`. Without a tokenizer. */
  readonly metadata: GgufMetadata
  /** Vectors that are a part of the configuration, by the names of the file: `rope_freqs.weight`. */
  readonly tensors: Readonly<Record<string, Float32Array>>
  /**
   * Find the place of a tensor.
   * @param name Hugging Face's, of a matrix [out, in] or a vector.
   * @throws RangeError if the architecture has none of that name.
   */
  place(name: string): GgufPlace
}

/**
 * Tell how a model stands in a GGUF file: what `hfConfig` and `hfTensors` read, the other way round. Matrices
 * are [out, in], as files have them. Known are the architectures llama, qwen2, qwen3 and gpt2.
 * @param config A parsed config.json, as `configOf` of @lotion/models writes it.
 * @throws RangeError naming the key that is missing, out of range, or not understood here: what a runtime
 * would take another default for, or end its process.
 * @example
 * ```ts
 * import { ggufLayout } from '@lotion/checkpoints/bytes'
 *
 * const layout = ggufLayout({
 *   model_type: 'llama',
 *   vocab_size: 256,
 *   hidden_size: 64,
 *   intermediate_size: 192,
 *   num_hidden_layers: 2,
 *   num_attention_heads: 4,
 *   num_key_value_heads: 2,
 *   max_position_embeddings: 128,
 *   rms_norm_eps: 1e-5,
 * })
 * console.log(layout.metadata['llama.attention.head_count_kv']) // { type: 'uint32', value: 2 }
 * const { name, rows } = layout.place('model.layers.1.self_attn.k_proj.weight')
 * console.log(name, rows!(32)) // blk.1.attn_k.weight, rows of rotary pairs side by side
 * ```
 */
export function ggufLayout(config: Readonly<Record<string, unknown>>): GgufLayout {
  const keys = hfKeys(config)
  const architecture = architectureNamed("config.json: 'model_type'", keys.text('model_type'))
  const parts = architecture.parts(keys)
  keys.ignore('architectures', 'torch_dtype', 'dtype', 'tie_word_embeddings')
  keys.refuseOthers()
  const prefixed = Object.entries(parts.metadata).map(
    ([key, value]) => [`${architecture.name}.${key}`, value] as const,
  )
  const metadata = { 'general.architecture': architecture.name, ...Object.fromEntries(prefixed) }
  const places = new Map(
    Object.entries(architecture.tensors).map(([to, { name, permuted }]) => [name, { to, permuted }] as const),
  )
  return Object.freeze<GgufLayout>({
    metadata,
    tensors: dictionary(Object.entries(parts.tensors ?? {})),
    place(name) {
      const { pattern, layer } = patternOf(name)
      const found = places.get(pattern)
      if (!found || found.to.includes('*') !== (layer !== undefined))
        throw new RangeError(
          `${shownName(name)}: expected a tensor of the architecture '${architecture.name}', found one that llama.cpp has no name for`,
        )
      const heads = found.permuted && parts.heads?.[found.permuted]
      return {
        name: found.to.replace('*', layer ?? ''),
        ...(heads ? { rows: (rows: number) => permutedRows(rows, heads) } : {}),
      }
    },
  })
}

/** A name with `*` for the number of a layer. */
function patternOf(name: string): { readonly pattern: string; readonly layer: string | undefined } {
  const [, before, layer, after] = /^(.*\.(?:layers|h)\.)(0|[1-9][0-9]*)(\..*)$/.exec(name) ?? []
  return { pattern: layer === undefined ? name : `${before}*${after}`, layer }
}
