// What llama, qwen2 and qwen3 share. Comes in: metadata, or a configuration. Goes out: names, the other one.
// Source: tensor_mapping of PyPI's gguf; config.json of transformers.

import type { ConfigKeys } from './config-keys.js'
import { named, type GgufModel } from './gguf-architecture.js'
import { llama3Scaling } from './llama3-scaling.js'

/** The frequencies of Llama 3, by which those of the rotary embedding are divided. */
export const ROPE_FREQS = 'rope_freqs.weight'

/** Tensors whose rows are as Hugging Face has them. */
export const decoderTensors = named({
  'token_embd.weight': 'model.embed_tokens.weight',
  'output_norm.weight': 'model.norm.weight',
  'output.weight': 'lm_head.weight',
  'blk.*.attn_norm.weight': 'model.layers.*.input_layernorm.weight',
  'blk.*.attn_q.weight': 'model.layers.*.self_attn.q_proj.weight',
  'blk.*.attn_q.bias': 'model.layers.*.self_attn.q_proj.bias',
  'blk.*.attn_k.weight': 'model.layers.*.self_attn.k_proj.weight',
  'blk.*.attn_k.bias': 'model.layers.*.self_attn.k_proj.bias',
  'blk.*.attn_v.weight': 'model.layers.*.self_attn.v_proj.weight',
  'blk.*.attn_v.bias': 'model.layers.*.self_attn.v_proj.bias',
  'blk.*.attn_output.weight': 'model.layers.*.self_attn.o_proj.weight',
  'blk.*.ffn_norm.weight': 'model.layers.*.post_attention_layernorm.weight',
  'blk.*.ffn_gate.weight': 'model.layers.*.mlp.gate_proj.weight',
  'blk.*.ffn_up.weight': 'model.layers.*.mlp.up_proj.weight',
  'blk.*.ffn_down.weight': 'model.layers.*.mlp.down_proj.weight',
})

/** The rows of the embedding; what metadata say of them must be the same. */
export function vocabularyOf(keys: ConfigKeys, { tensors }: GgufModel): number {
  const rows = tensors['token_embd.weight']?.shape[0]
  if (rows === undefined) throw new RangeError('expected a tensor token_embd.weight, found none')
  keys.expect('vocab_size', rows)
  return rows
}

/** Members of config.json that all three have. */
export async function decoderConfig(keys: ConfigKeys, model: GgufModel) {
  const hidden = keys.read('embedding_length', 'whole')
  const heads = keys.read('attention.head_count', 'whole')
  const width = keys.read('attention.key_length', 'whole', hidden / heads)
  if (!Number.isInteger(width))
    throw new RangeError(
      `attention.head_count: expected heads that share embedding_length ${hidden} evenly, found ${heads}`,
    )
  keys.expect('attention.value_length', width)
  keys.expect('rope.dimension_count', width)
  keys.expect('expert_count', 0)
  keys.expect('expert_used_count', 0)
  keys.expect('attention.causal', true)
  // The order of rows that `permute` undoes; only old files say it.
  keys.expect('tensor_data_layout', 'Meta AI original pth')
  const theta = keys.decimal('rope.freq_base', 10_000)
  return {
    vocab_size: vocabularyOf(keys, model),
    hidden_size: hidden,
    intermediate_size: keys.read('feed_forward_length', 'whole'),
    num_hidden_layers: keys.read('block_count', 'whole'),
    num_attention_heads: heads,
    num_key_value_heads: keys.read('attention.head_count_kv', 'whole', heads),
    head_dim: width,
    hidden_act: 'silu',
    max_position_embeddings: keys.read('context_length', 'whole'),
    rms_norm_eps: keys.decimal('attention.layer_norm_rms_epsilon'),
    rope_theta: theta,
    rope_scaling: await ropeScaling(keys, model, { theta, width }),
  }
}

async function ropeScaling(
  keys: ConfigKeys,
  { tensors, read }: GgufModel,
  { theta, width }: { readonly theta: number; readonly width: number },
): Promise<Readonly<Record<string, unknown>> | null> {
  keys.expect('rope.scaling.type', 'none', 'linear', 'yarn')
  keys.expect('rope.scaling.finetuned', true, false)
  keys.expect('rope.scaling.attn_factor', 1)
  const type = keys.read('rope.scaling.type', 'text', 'none')
  const factor = keys.read('rope.scaling.factor', 'number', 1)
  const freqs = Object.hasOwn(tensors, ROPE_FREQS) ? await read(ROPE_FREQS) : undefined
  if (freqs && type !== 'none')
    throw new RangeError(`rope.scaling.type: expected none beside ${ROPE_FREQS}, found '${type}'`)
  if (freqs) return llama3Scaling(freqs, theta, width)
  if (type === 'none') {
    // What is written without a type means nothing, but must not mean something to somebody.
    keys.expect('rope.scaling.factor', 0, 1)
    keys.expect('rope.scaling.original_context_length', keys.read('context_length', 'whole'))
    return null
  }
  if (type === 'linear') return { rope_type: 'linear', factor }
  return {
    rope_type: 'yarn',
    factor,
    original_max_position_embeddings: keys.read('rope.scaling.original_context_length', 'whole'),
  }
}
