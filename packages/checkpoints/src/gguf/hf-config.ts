// What config.json of Hugging Face would say of a GGUF file. Comes in: an open file. Goes out: an object.
// Source: llama.cpp's convert_hf_to_gguf.py, backwards; config.json of transformers.

import { configKeys } from './architectures/config-keys.js'
import { architectureOf } from './architectures/known-architectures.js'
import type { GgufFile } from './gguf-view.js'

/**
 * Make of a GGUF file's metadata what config.json of the same model says: `model_type`, sizes, `rope_theta`
 * and so on by transformers' names. Embedding and head are tied where the file has no `output.weight`; the
 * rope scaling of Llama 3 is found again from the frequencies that a file has of it.
 * @param file Open; of its tensors only those that are a part of the configuration are read.
 * @throws RangeError naming a key that is missing, is no value of its kind, or is not understood here.
 * @example
 * ```ts
 * import { hfConfig } from '@lotion/checkpoints'
 *
 * const config = await hfConfig({
 *   metadata: {
 *     'general.architecture': 'qwen2',
 *     'qwen2.block_count': 24,
 *     'qwen2.context_length': 32_768,
 *     'qwen2.embedding_length': 896,
 *     'qwen2.feed_forward_length': 4864,
 *     'qwen2.attention.head_count': 14,
 *     'qwen2.attention.head_count_kv': 2,
 *     'qwen2.attention.layer_norm_rms_epsilon': Math.fround(1e-6),
 *     'qwen2.rope.freq_base': 1_000_000,
 *   },
 *   tensors: { 'token_embd.weight': { type: 'Q8_0', shape: [151_936, 896] } },
 *   read: async () => new Float32Array(0), // what an open file does
 * })
 * console.log(config['model_type'], config['rms_norm_eps'], config['tie_word_embeddings'])
 * ```
 */
export async function hfConfig(
  file: Pick<GgufFile, 'metadata' | 'tensors' | 'read'>,
): Promise<Readonly<Record<string, unknown>>> {
  const architecture = architectureOf(file.metadata)
  const keys = configKeys(file.metadata, architecture.name)
  const config = await architecture.config(keys, file)
  keys.refuseOthers()
  return {
    model_type: architecture.name,
    ...config,
    tie_word_embeddings: !Object.hasOwn(file.tensors, 'output.weight'),
  }
}
