// Keys that all architectures with a Llama-style decoder share. Comes in: their values. Goes out: options of
// `llama`; and the way back.

import type { Llama } from '../llama.js'
import type { LlamaConfig, LlamaOptions } from '../llama-config.js'
import { amount, count, countOrNull, flag, givenCountOrNull, type KeyValues } from './config-keys.js'
import { checkedContext, type CausalModel, type HuggingFaceConfig } from './define-architecture.js'
import { readRope, ropeKeys, writeRope } from './rope-keys.js'

/** What the members of the family have in common as plug-ins. */
export const llamaStorage = { prefix: 'model.', embedding: 'model.embed_tokens.weight' } as const

/** Readers of the keys that every member has. */
export const llamaKeys = {
  vocab_size: count(),
  hidden_size: count(),
  intermediate_size: count(),
  num_hidden_layers: count(),
  num_attention_heads: count(),
  num_key_value_heads: countOrNull,
  head_dim: countOrNull,
  max_position_embeddings: count(),
  rms_norm_eps: amount(1e-6),
  tie_word_embeddings: flag(false),
  ...ropeKeys,
}

/** Those of members whose classes have a default for the heads of keys that is not the heads of queries. */
export const groupedKeys = { ...llamaKeys, num_key_value_heads: givenCountOrNull }

/** Keys with one value. */
export const llamaFixed = { hidden_act: ['silu', 'swish'] } as const

/** Options of `llama` without biases and QK norm. */
export function llamaOptions(values: KeyValues<typeof llamaKeys>, context: number | undefined): LlamaOptions {
  const heads = values.num_attention_heads
  return {
    vocabulary: values.vocab_size,
    dimension: values.hidden_size,
    layers: values.num_hidden_layers,
    heads,
    kvHeads: values.num_key_value_heads ?? heads,
    hidden: values.intermediate_size,
    context: checkedContext(context, 'max_position_embeddings', values.max_position_embeddings),
    tied: values.tie_word_embeddings,
    epsilon: values.rms_norm_eps,
    ...(values.head_dim === null ? {} : { headDimension: values.head_dim }),
    ...readRope(values),
  }
}

/** Tell whether a model was made by `llama`. */
export function isLlama(model: CausalModel): model is Llama {
  return model.name === 'llama'
}

/** Write the keys of `llamaKeys` and `llamaFixed`. */
export function writeLlama(config: LlamaConfig): HuggingFaceConfig {
  return {
    vocab_size: config.vocabulary,
    hidden_size: config.dimension,
    intermediate_size: config.hidden,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.kvHeads,
    head_dim: config.headDimension,
    max_position_embeddings: config.context,
    rms_norm_eps: config.epsilon,
    tie_word_embeddings: config.tied,
    hidden_act: 'silu',
    attention_dropout: 0,
    ...writeRope(config),
  }
}

/** Tensors of older checkpoints that are computed from the configuration. */
export const isRotaryBuffer = (tensor: string): boolean => tensor.endsWith('.rotary_emb.inv_freq')
