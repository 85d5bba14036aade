// Qwen 3. Comes in: config.json. Goes out: a model. Source: Qwen3Config of transformers.

import { llama } from '../llama.js'
import { count, flag } from './config-keys.js'
import { defineArchitecture } from './define-architecture.js'
import {
  isLlama,
  isRotaryBuffer,
  llamaFixed,
  groupedKeys,
  llamaOptions,
  llamaStorage,
  writeLlama,
} from './llama-family.js'
import { layeredWindowKeys, refuseLayeredWindow } from './sliding-window.js'

/** Width of a head where a file names none. */
const DEFAULT_HEAD = 128

/** Qwen 3: as Llama, with a head width of its own, queries and keys normalised before they are turned. */
export const qwen3Architecture = defineArchitecture({
  name: 'qwen3',
  classes: ['Qwen3ForCausalLM', 'Qwen3Model'],
  ...llamaStorage,
  keys: {
    ...groupedKeys,
    ...layeredWindowKeys,
    head_dim: count(DEFAULT_HEAD),
    attention_bias: flag(false),
  },
  fixed: llamaFixed,
  dropout: ['attention_dropout'],
  model(values, context) {
    const options = llamaOptions(values, context)
    refuseLayeredWindow(values, options.layers, options.context)
    return llama({ ...options, qkNorm: true, biases: values.attention_bias ? ['qkv', 'output'] : [] })
  },
  configOf(model) {
    if (!isLlama(model) || !model.config.qkNorm) return undefined
    const biases = model.config.biases.join()
    if (biases !== '' && biases !== 'qkv,output') return undefined
    return { ...writeLlama(model.config), attention_bias: biases !== '', use_sliding_window: false }
  },
  buffer: isRotaryBuffer,
})
