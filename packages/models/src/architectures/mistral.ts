// Mistral. Comes in: config.json. Goes out: a model. Source: MistralConfig of transformers.

import { llama } from '../llama.js'
import { countOrNull } from './config-keys.js'
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
import { refuseWindow } from './sliding-window.js'

/** Window of the class where a file names none. */
const DEFAULT_WINDOW = 4096

/** Mistral: as Llama, with a sliding window, which must not be smaller than the context that is used. */
export const mistralArchitecture = defineArchitecture({
  name: 'mistral',
  classes: ['MistralForCausalLM', 'MistralModel'],
  ...llamaStorage,
  keys: { ...groupedKeys, sliding_window: (value = DEFAULT_WINDOW) => countOrNull(value) },
  fixed: llamaFixed,
  dropout: ['attention_dropout'],
  model(values, context) {
    const options = llamaOptions(values, context)
    refuseWindow(values.sliding_window, options.context)
    return llama(options)
  },
  configOf(model) {
    if (!isLlama(model) || model.config.qkNorm || model.config.biases.length > 0) return undefined
    return { ...writeLlama(model.config), sliding_window: null }
  },
  buffer: isRotaryBuffer,
})
