// A model of Hugging Face in a GGUF file and back: the same configuration, names and rows; what a runtime
// would end its process over is refused.

import { expect, test } from 'vitest'
import { unpermuted } from './architectures/row-order.js'
import { ggufContent, type GgufTensorSource } from './gguf-content.js'
import { ggufLayout } from './gguf-layout.js'
import type { GgufValue } from './gguf-values.js'
import { hfConfig } from './hf-config.js'
import { hfTensors } from './hf-tensors.js'

const decoder = {
  vocab_size: 300,
  hidden_size: 64,
  intermediate_size: 96,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 16,
  hidden_act: 'silu',
  max_position_embeddings: 128,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  rope_scaling: null,
  tie_word_embeddings: true,
}
const llama3 = {
  rope_type: 'llama3',
  factor: 8,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 8192,
}
const llama = { model_type: 'llama', ...decoder, attention_bias: false, mlp_bias: false }
const gpt2 = {
  model_type: 'gpt2',
  vocab_size: 300,
  n_positions: 64,
  n_embd: 64,
  n_layer: 2,
  n_head: 4,
  n_inner: 256,
  activation_function: 'gelu_new',
  layer_norm_epsilon: 1e-5,
  tie_word_embeddings: true,
}
const configs = [
  llama,
  { ...llama, rope_theta: 500_000, rope_scaling: llama3 },
  { ...llama, head_dim: 32, num_key_value_heads: 4, rope_scaling: { rope_type: 'linear', factor: 2 } },
  { model_type: 'qwen2', ...decoder, tie_word_embeddings: false, rms_norm_eps: 1e-6 },
  { model_type: 'qwen3', ...decoder, head_dim: 32, attention_bias: false },
  gpt2,
]

/** Metadata as they are read. */
const read = (metadata: ReturnType<typeof ggufLayout>['metadata']): Record<string, GgufValue> =>
  Object.fromEntries(
    Object.entries(metadata).map(([key, value]): [string, GgufValue] => [
      key,
      typeof value !== 'object' || !('type' in value)
        ? value
        : value.type === 'float32'
          ? Math.fround(Number(value.value))
          : value.value,
    ]),
  )

test.each(configs)('$model_type, rope_scaling $rope_scaling, is what is read of the file', async (config) => {
  const { metadata, tensors, place } = ggufLayout(config)
  const embedding = config.model_type === 'gpt2' ? 'transformer.wte.weight' : 'model.embed_tokens.weight'
  const names = [embedding, ...(config.tie_word_embeddings ? [] : ['lm_head.weight'])]
  const shapes = Object.fromEntries(
    [...names.map((name) => place(name).name), ...Object.keys(tensors)].map((name) => [
      name,
      { type: 'F32', shape: tensors[name] ? [tensors[name].length] : [300, 64] },
    ]),
  )
  const file = { metadata: read(metadata), tensors: shapes, read: async (name: string) => tensors[name]! }
  expect(await hfConfig(file)).toEqual(config)
  // The file that says it can be written.
  const source = (shape: readonly number[]): GgufTensorSource => ({
    type: 'F32',
    shape,
    read: () => new Uint8Array(0),
  })
  const all = Object.entries(shapes).map(([name, { shape }]) => [name, source(shape)])
  expect(ggufContent(Object.fromEntries(all), metadata).size).toBeGreaterThan(300 * 64 * 4)
})

test('rows of queries and keys are permuted for llama alone, as the reader puts them back', async () => {
  const config = { ...llama, head_dim: 8 }
  const { place } = ggufLayout(config)
  for (const [name, heads] of [
    ['q', 4],
    ['k', 2],
  ] as const) {
    const { name: to, rows } = place(`model.layers.1.self_attn.${name}_proj.weight`)
    expect(to).toBe(`blk.1.attn_${name}.weight`)
    const order = rows!(8 * heads)
    // The first head: one of each pair after the other.
    expect([...order.subarray(0, 8)]).toEqual([0, 4, 1, 5, 2, 6, 3, 7])
    const data = Float32Array.from(order)
    const back = unpermuted({ data, shape: [8 * heads] }, heads)
    expect([...back]).toEqual(Array.from(back, (_, i) => i))
    const file = {
      path: 'a.gguf',
      metadata: read(ggufLayout(config).metadata),
      tensors: { [to]: { type: 'F32', shape: [8 * heads, 1] } },
      read: async () => data,
    }
    expect(await hfTensors(file).read(`model.layers.1.self_attn.${name}_proj.weight`)).toEqual(back)
  }
  expect(place('model.layers.0.self_attn.v_proj.weight').rows).toBeUndefined()
  expect(place('model.layers.0.self_attn.q_proj.bias').rows).toBeDefined()
  for (const other of [configs[3]!, configs[4]!])
    expect(ggufLayout(other).place('model.layers.0.self_attn.q_proj.weight').rows).toBeUndefined()
  expect(ggufLayout(gpt2).place('transformer.h.11.attn.c_attn.weight')).toEqual({
    name: 'blk.11.attn_qkv.weight',
  })
})

const without = (key: string): object =>
  Object.fromEntries(Object.entries(llama).filter(([name]) => name !== key))

test.each<[string, object, string]>([
  [
    'no feed-forward length',
    without('intermediate_size'),
    "'intermediate_size': expected a whole number of at least 1, found nothing",
  ],
  ['no number of layers', without('num_hidden_layers'), "'num_hidden_layers': expected a whole number"],
  ['no heads', without('num_attention_heads'), "'num_attention_heads': expected a whole number"],
  ['no epsilon', without('rms_norm_eps'), "'rms_norm_eps': expected a positive finite number, found nothing"],
  ['no context', without('max_position_embeddings'), "'max_position_embeddings': expected a whole number"],
  [
    'an architecture of others',
    { ...llama, model_type: 'mamba' },
    "config.json: 'model_type': expected one of llama, qwen2, qwen3, gpt2, found 'mamba'",
  ],
  ['no architecture', without('model_type'), "'model_type': expected a text, found nothing"],
  [
    'half a layer',
    { ...llama, num_hidden_layers: 1.5 },
    "'num_hidden_layers': expected a whole number of at least 1, found 1.5",
  ],
  [
    'heads of no whole width',
    { ...without('head_dim'), num_attention_heads: 3 },
    "'num_attention_heads': expected heads that share 'hidden_size' 64 evenly, found 3",
  ],
  [
    'heads of an odd width',
    { ...llama, head_dim: 15 },
    "'head_dim': expected an even width, which is turned in pairs, found 15",
  ],
  [
    'keys for a part of the heads',
    { ...llama, num_key_value_heads: 3 },
    "'num_key_value_heads': expected a divisor of num_attention_heads 4, found 3",
  ],
  [
    'an activation of others',
    { ...llama, hidden_act: 'gelu' },
    `'hidden_act': expected "silu" or "swish", found the text 'gelu'`,
  ],
  [
    'a key that is not understood',
    { ...llama, attention_multiplier: 2 },
    "'attention_multiplier': expected nothing more than what a GGUF file has a place for, found 2",
  ],
  [
    'a rope of others',
    { ...llama, rope_scaling: { rope_type: 'yarn', factor: 2 } },
    "'rope_scaling': expected one of default, linear, llama3, which llama.cpp has for this architecture, found 'yarn'",
  ],
  [
    'divided frequencies where llama.cpp has none',
    { ...configs[3]!, rope_scaling: llama3 },
    "'rope_scaling': expected one of default, linear, which llama.cpp has for this architecture, found 'llama3'",
  ],
  [
    'a rope that says more',
    { ...llama, rope_scaling: { ...llama3, beta: 1 } },
    "config.json: 'rope_scaling': 'beta': expected nothing more",
  ],
  [
    'half a rope',
    { ...llama, rope_scaling: { rope_type: 'linear' } },
    "'rope_scaling': 'factor': expected a positive finite number, found nothing",
  ],
  [
    'a window',
    { ...configs[3]!, use_sliding_window: true },
    "'use_sliding_window': expected false, found true",
  ],
  [
    'GPT-2 without a feed-forward length',
    { ...gpt2, n_inner: null },
    "'n_inner': expected a whole number of at least 1, found nothing",
  ],
])('a configuration with %s is refused by name', (_, config, message) => {
  expect(() => ggufLayout(config as Record<string, unknown>)).toThrow(message)
})

test.each([
  'model.layers.0.mlp.experts.weight',
  'model.layers.00.mlp.up_proj.weight',
  'model.layers.*.mlp.up_proj.weight',
  'toString',
])('the tensor %s has no place', (name) => {
  expect(() => ggufLayout(llama).place(name)).toThrow(
    `'${name}': expected a tensor of the architecture 'llama', found one that llama.cpp has no name for`,
  )
})
