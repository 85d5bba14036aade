// GPT-2. Comes in: config.json. Goes out: a model. Source: GPT2Config of transformers; its linear layers,
// Conv1D, are stored [in, out].

import { gpt2, type Gpt2 } from '../gpt2.js'
import { amount, count, countOrNull, flag } from './config-keys.js'
import { checkedContext, defineArchitecture, type CausalModel } from './define-architecture.js'

const isGpt2 = (model: CausalModel): model is Gpt2 => model.name === 'gpt2'

/** GPT-2: layer normalisation, learned positions, GELU, biases. */
export const gpt2Architecture = defineArchitecture({
  name: 'gpt2',
  classes: ['GPT2LMHeadModel', 'GPT2Model'],
  prefix: 'transformer.',
  embedding: 'transformer.wte.weight',
  keys: {
    vocab_size: count(),
    n_positions: count(),
    n_embd: count(),
    n_layer: count(),
    n_head: count(),
    n_inner: countOrNull,
    layer_norm_epsilon: amount(1e-5),
    tie_word_embeddings: flag(true),
  },
  fixed: {
    activation_function: ['gelu_new', 'gelu_pytorch_tanh'],
    scale_attn_weights: [true],
    scale_attn_by_inverse_layer_idx: [false],
  },
  dropout: ['resid_pdrop', 'embd_pdrop', 'attn_pdrop'],
  ignored: [
    // Higher precision for scores, which are f32 here.
    'reorder_and_upcast_attn',
    // An older name of n_positions, of which transformers reads the newer one.
    'n_ctx',
    // Of a head for other tasks.
    'summary_activation',
    'summary_first_dropout',
    'summary_proj_to_labels',
    'summary_type',
    'summary_use_proj',
  ],
  model: (values, context) =>
    gpt2({
      vocabulary: values.vocab_size,
      dimension: values.n_embd,
      layers: values.n_layer,
      heads: values.n_head,
      context: checkedContext(context, 'n_positions', values.n_positions),
      positions: values.n_positions,
      tied: values.tie_word_embeddings,
      epsilon: values.layer_norm_epsilon,
      ...(values.n_inner === null ? {} : { hidden: values.n_inner }),
    }),
  configOf(model) {
    // There is no key for leaving the biases out.
    if (!isGpt2(model) || !model.config.biases) return undefined
    const { config } = model
    return {
      vocab_size: config.vocabulary,
      n_positions: config.positions,
      n_embd: config.dimension,
      n_layer: config.layers,
      n_head: config.heads,
      n_inner: config.hidden,
      layer_norm_epsilon: config.epsilon,
      tie_word_embeddings: config.tied,
      activation_function: 'gelu_new',
      resid_pdrop: 0,
      embd_pdrop: 0,
      attn_pdrop: 0,
    }
  },
  transposed: (parameter) => /\.(c_attn|c_proj|c_fc)\.weight$/.test(parameter),
  buffer: (tensor) => /(^|\.)h\.\d+\.attn\.(bias|masked_bias)$/.test(tensor),
})
