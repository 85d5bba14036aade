// Architecture: qwen3. Comes in: nothing. Goes out: a record.
// Source: Qwen3Model of llama.cpp's convert_hf_to_gguf.py: rows as they are, norms of queries and keys.

import { decoderConfig, decoderTensors } from './decoder.js'
import { decoderParts } from './decoder-parts.js'
import { defineGgufArchitecture, named } from './gguf-architecture.js'

/** A norm for the queries and the keys of each head. */
export const qwen3 = defineGgufArchitecture({
  name: 'qwen3',
  tensors: {
    ...decoderTensors,
    ...named({
      'blk.*.attn_q_norm.weight': 'model.layers.*.self_attn.q_norm.weight',
      'blk.*.attn_k_norm.weight': 'model.layers.*.self_attn.k_norm.weight',
      'blk.*.attn_output.bias': 'model.layers.*.self_attn.o_proj.bias',
    }),
  },
  configTensors: [],
  config: async (keys, model) => ({
    ...(await decoderConfig(keys, model)),
    attention_bias: Object.hasOwn(model.tensors, 'blk.0.attn_q.bias'),
  }),
  parts: (keys) => {
    keys.ignore('attention_bias')
    keys.expect('use_sliding_window', false)
    return decoderParts(keys)
  },
})
