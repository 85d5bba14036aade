// Qwen 2 and 2.5. Comes in: config.json. Goes out: a model. Source: Qwen2Config of transformers.

import { llama } from '../llama.js'
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

/** Qwen 2 and 2.5: as Llama, with biases on queries, keys and values. */
export const qwen2Architecture = defineArchitecture({
  name: 'qwen2',
  classes: ['Qwen2ForCausalLM', 'Qwen2Model'],
  ...llamaStorage,
  keys: { ...groupedKeys, ...layeredWindowKeys },
  fixed: { ...llamaFixed, use_mrope: [false] },
  dropout: ['attention_dropout'],
  model(values, context) {
    const options = llamaOptions(values, context)
    refuseLayeredWindow(values, options.layers, options.context)
    return llama({ ...options, biases: ['qkv'] })
  },
  configOf(model) {
    if (!isLlama(model) || model.config.qkNorm) return undefined
    if (model.config.biases.join() !== 'qkv') return undefined
    return { ...writeLlama(model.config), use_sliding_window: false }
  },
  buffer: isRotaryBuffer,
})
