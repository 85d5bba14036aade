// Architecture: qwen2, which Qwen 2.5 is, too. Comes in: nothing. Goes out: a record.
// Source: Qwen2Model of llama.cpp's convert_hf_to_gguf.py: rows as they are.

import { decoderConfig, decoderTensors } from './decoder.js'
import { decoderParts } from './decoder-parts.js'
import { defineGgufArchitecture } from './gguf-architecture.js'

/** Queries, keys and values always have biases. */
export const qwen2 = defineGgufArchitecture({
  name: 'qwen2',
  tensors: decoderTensors,
  configTensors: [],
  config: decoderConfig,
  parts: (keys) => {
    keys.expect('use_sliding_window', false)
    return decoderParts(keys)
  },
})
