// Architecture: gpt2. Comes in: nothing. Goes out: a record. Source: GPT2Model of llama.cpp's
// convert_hf_to_gguf.py, which transposes what Hugging Face has as Conv1D; queries, keys and values stay one.

import { count, headsOf, single } from './decoder-parts.js'
import { vocabularyOf } from './decoder.js'
import { defineGgufArchitecture, named } from './gguf-architecture.js'
import { transposed } from './row-order.js'

/** Matrices with inputs as rows. */
export const gpt2 = defineGgufArchitecture({
  name: 'gpt2',
  tensors: {
    ...named({
      'token_embd.weight': 'transformer.wte.weight',
      'position_embd.weight': 'transformer.wpe.weight',
      'output_norm.weight': 'transformer.ln_f.weight',
      'output_norm.bias': 'transformer.ln_f.bias',
      'output.weight': 'lm_head.weight',
      'blk.*.attn_norm.weight': 'transformer.h.*.ln_1.weight',
      'blk.*.attn_norm.bias': 'transformer.h.*.ln_1.bias',
      'blk.*.attn_qkv.bias': 'transformer.h.*.attn.c_attn.bias',
      'blk.*.attn_output.bias': 'transformer.h.*.attn.c_proj.bias',
      'blk.*.ffn_norm.weight': 'transformer.h.*.ln_2.weight',
      'blk.*.ffn_norm.bias': 'transformer.h.*.ln_2.bias',
      'blk.*.ffn_up.bias': 'transformer.h.*.mlp.c_fc.bias',
      'blk.*.ffn_down.bias': 'transformer.h.*.mlp.c_proj.bias',
    }),
    'blk.*.attn_qkv.weight': transposed('transformer.h.*.attn.c_attn.weight'),
    'blk.*.attn_output.weight': transposed('transformer.h.*.attn.c_proj.weight'),
    'blk.*.ffn_up.weight': transposed('transformer.h.*.mlp.c_fc.weight'),
    'blk.*.ffn_down.weight': transposed('transformer.h.*.mlp.c_proj.weight'),
  },
  configTensors: [],
  config: async (keys, model) => {
    const heads = keys.read('attention.head_count', 'whole')
    keys.expect('attention.head_count_kv', heads)
    keys.expect('attention.causal', true)
    return {
      vocab_size: vocabularyOf(keys, model),
      n_positions: keys.read('context_length', 'whole'),
      n_embd: keys.read('embedding_length', 'whole'),
      n_layer: keys.read('block_count', 'whole'),
      n_head: heads,
      n_inner: keys.read('feed_forward_length', 'whole'),
      activation_function: 'gelu_new',
      layer_norm_epsilon: keys.decimal('attention.layer_norm_epsilon'),
    }
  },
  parts: (keys) => {
    const width = keys.whole('n_embd')
    const heads = headsOf(keys, 'n_head', 'n_embd', width)
    keys.expect('activation_function', 'gelu_new', 'gelu_pytorch_tanh')
    keys.ignore('resid_pdrop', 'embd_pdrop', 'attn_pdrop')
    return {
      metadata: {
        vocab_size: count(keys.whole('vocab_size')),
        context_length: count(keys.whole('n_positions')),
        embedding_length: count(width),
        block_count: count(keys.whole('n_layer')),
        feed_forward_length: count(keys.whole('n_inner')),
        'attention.head_count': count(heads),
        'attention.layer_norm_epsilon': single(keys.number('layer_norm_epsilon')),
      },
    }
  },
})
