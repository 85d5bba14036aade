// Architecture: llama, which Mistral, SmolLM2 and TinyLlama are, too. Comes in: nothing. Goes out: a record.
// Source: LlamaModel of llama.cpp's convert_hf_to_gguf.py, which permutes rows of queries and keys.

import { decoderConfig, decoderTensors, ROPE_FREQS } from './decoder.js'
import { decoderParts } from './decoder-parts.js'
import { defineGgufArchitecture, named } from './gguf-architecture.js'
import { permutedKeys, permutedQueries } from './row-order.js'

/** Rows permuted; biases where a model has them. */
export const llama = defineGgufArchitecture({
  name: 'llama',
  tensors: {
    ...decoderTensors,
    'blk.*.attn_q.weight': permutedQueries('model.layers.*.self_attn.q_proj.weight'),
    'blk.*.attn_q.bias': permutedQueries('model.layers.*.self_attn.q_proj.bias'),
    'blk.*.attn_k.weight': permutedKeys('model.layers.*.self_attn.k_proj.weight'),
    'blk.*.attn_k.bias': permutedKeys('model.layers.*.self_attn.k_proj.bias'),
    ...named({
      'blk.*.attn_output.bias': 'model.layers.*.self_attn.o_proj.bias',
      'blk.*.ffn_gate.bias': 'model.layers.*.mlp.gate_proj.bias',
      'blk.*.ffn_up.bias': 'model.layers.*.mlp.up_proj.bias',
      'blk.*.ffn_down.bias': 'model.layers.*.mlp.down_proj.bias',
    }),
  },
  configTensors: [ROPE_FREQS],
  config: async (keys, model) => ({
    ...(await decoderConfig(keys, model)),
    attention_bias: Object.hasOwn(model.tensors, 'blk.0.attn_q.bias'),
    mlp_bias: Object.hasOwn(model.tensors, 'blk.0.ffn_up.bias'),
  }),
  parts: (keys) => {
    // Which biases there are is seen by their tensors.
    keys.ignore('attention_bias', 'mlp_bias')
    return decoderParts(keys, { canScaleFrequencies: true })
  },
})
