// Llama 2 and 3, and what shares their code: SmolLM2, TinyLlama. Comes in: config.json. Goes out: a model.
// Source: LlamaConfig of transformers.

import { llama } from '../llama.js'
import { flag } from './config-keys.js'
import { defineArchitecture } from './define-architecture.js'
import {
  isLlama,
  isRotaryBuffer,
  llamaFixed,
  llamaKeys,
  llamaOptions,
  llamaStorage,
  writeLlama,
} from './llama-family.js'

/** Llama 2 and 3, SmolLM2, TinyLlama: RMSNorm, rotary positions, SwiGLU. */
export const llamaArchitecture = defineArchitecture({
  name: 'llama',
  classes: ['LlamaForCausalLM', 'LlamaModel'],
  ...llamaStorage,
  keys: { ...llamaKeys, attention_bias: flag(false), mlp_bias: flag(false) },
  fixed: { ...llamaFixed, rope_interleaved: [false] },
  dropout: ['attention_dropout'],
  ignored: ['pretraining_tp', 'is_llama_config'],
  model: (values, context) =>
    llama({
      ...llamaOptions(values, context),
      biases: [
        ...(values.attention_bias ? (['qkv', 'output'] as const) : []),
        ...(values.mlp_bias ? (['mlp'] as const) : []),
      ],
    }),
  configOf(model) {
    if (!isLlama(model) || model.config.qkNorm) return undefined
    const { biases } = model.config
    const attention_bias = biases.includes('qkv')
    if (attention_bias !== biases.includes('output')) return undefined
    return { ...writeLlama(model.config), attention_bias, mlp_bias: biases.includes('mlp') }
  },
  buffer: isRotaryBuffer,
})
