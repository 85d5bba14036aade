// Models of Hugging Face's names, turned into GGUF as llama.cpp does with the names of PyPI's `gguf`, and
// read back: the same names, the same weights, the configuration that they came from.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missing, run } from '../../test/python-packages.js'
import { llama3Divisors } from './architectures/llama3-scaling.js'
import { hfConfig } from './hf-config.js'
import { hfTensors } from './hf-tensors.js'
import { openGguf } from './open-gguf.js'

/** Sizes of the models; heads of 8, two of keys. */
const decoder = {
  vocab_size: 11,
  hidden_size: 24,
  intermediate_size: 20,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 8,
  hidden_act: 'silu',
  max_position_embeddings: 64,
  rms_norm_eps: 1e-5,
  rope_theta: 500_000,
  rope_scaling: null as unknown,
}
const llama3 = {
  rope_type: 'llama3',
  factor: 32,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 8192,
}
const gpt2 = {
  vocab_size: 11,
  n_positions: 16,
  n_embd: 12,
  n_layer: 2,
  n_head: 3,
  n_inner: 48,
  activation_function: 'gelu_new',
  layer_norm_epsilon: 1e-5,
}

const configs: readonly (Readonly<Record<string, unknown>> & { readonly model_type: string })[] = [
  { model_type: 'llama', ...decoder, attention_bias: false, mlp_bias: false, tie_word_embeddings: true },
  {
    model_type: 'llama',
    ...decoder,
    rope_scaling: llama3,
    attention_bias: true,
    mlp_bias: true,
    tie_word_embeddings: false,
  },
  {
    model_type: 'qwen2',
    ...decoder,
    rope_scaling: { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 16 },
    tie_word_embeddings: false,
  },
  {
    model_type: 'qwen3',
    ...decoder,
    rope_scaling: { rope_type: 'linear', factor: 2 },
    attention_bias: false,
    tie_word_embeddings: true,
  },
  { model_type: 'gpt2', ...gpt2, tie_word_embeddings: true },
]

/** Writes a model with random weights as GGUF and, raw, as Hugging Face has it. */
const script = `
import sys, json, numpy as np, gguf
folder, c = sys.argv[1], json.loads(sys.argv[2])
kind = c['model_type']
rng, shapes = np.random.default_rng(7), {}
if kind == 'gpt2':
    d, f, layers, heads, kv = c['n_embd'], c['n_inner'], c['n_layer'], c['n_head'], c['n_head']
    t = 'transformer.'
    shapes |= {t + 'wte.weight': [c['vocab_size'], d], t + 'wpe.weight': [c['n_positions'], d], t + 'ln_f.weight': [d], t + 'ln_f.bias': [d]}
    for i in range(layers):
        b = f'{t}h.{i}.'
        for n, s in {'ln_1': [d], 'ln_2': [d], 'attn.c_attn': [d, 3 * d], 'attn.c_proj': [d, d], 'mlp.c_fc': [d, f], 'mlp.c_proj': [f, d]}.items():
            shapes |= {b + n + '.weight': s, b + n + '.bias': s[-1:]}
else:
    d, f, layers, heads, kv, w = c['hidden_size'], c['intermediate_size'], c['num_hidden_layers'], c['num_attention_heads'], c['num_key_value_heads'], c['head_dim']
    shapes |= {'model.embed_tokens.weight': [c['vocab_size'], d], 'model.norm.weight': [d]}
    for i in range(layers):
        b = f'model.layers.{i}.'
        for n, s, biased in [('self_attn.q_proj', [heads * w, d], c.get('attention_bias', kind == 'qwen2')),
                ('self_attn.k_proj', [kv * w, d], c.get('attention_bias', kind == 'qwen2')), ('self_attn.v_proj', [kv * w, d], c.get('attention_bias', kind == 'qwen2')),
                ('self_attn.o_proj', [d, heads * w], c.get('attention_bias')), ('mlp.gate_proj', [f, d], c.get('mlp_bias')),
                ('mlp.up_proj', [f, d], c.get('mlp_bias')), ('mlp.down_proj', [d, f], c.get('mlp_bias')),
                ('input_layernorm', [d], 0), ('post_attention_layernorm', [d], 0)]:
            shapes[b + n + '.weight'] = s
            if biased: shapes[b + n + '.bias'] = s[:1]
        if kind == 'qwen3': shapes |= {b + 'self_attn.q_norm.weight': [w], b + 'self_attn.k_norm.weight': [w]}
    if not c['tie_word_embeddings']: shapes['lm_head.weight'] = [c['vocab_size'], d]
out = gguf.GGUFWriter(f'{folder}/model.gguf', kind)
names = gguf.get_tensor_name_map({a: k for k, a in gguf.MODEL_ARCH_NAMES.items()}[kind], layers)
def permute(x, n): return x.reshape(n, 2, x.shape[0] // n // 2, *x.shape[1:]).swapaxes(1, 2).reshape(x.shape)
for name, shape in shapes.items():
    x = rng.standard_normal(shape, dtype=np.float32)
    x.tofile(f'{folder}/{name}')
    if kind == 'llama' and '.q_proj.' in name: x = permute(x, heads)
    if kind == 'llama' and '.k_proj.' in name: x = permute(x, kv)
    if kind == 'gpt2' and name.endswith(('.c_attn.weight', '.c_proj.weight', '.c_fc.weight')): x = x.T
    out.add_tensor(names.get_name(name, try_suffixes=('.weight', '.bias')), np.ascontiguousarray(x))
out.add_block_count(layers); out.add_context_length(c.get('max_position_embeddings', c.get('n_positions')))
out.add_embedding_length(d); out.add_feed_forward_length(f); out.add_head_count(heads); out.add_file_type(0)
if kind == 'gpt2': out.add_layer_norm_eps(c['layer_norm_epsilon'])
else:
    out.add_head_count_kv(kv); out.add_layer_norm_rms_eps(c['rms_norm_eps']); out.add_rope_freq_base(c['rope_theta'])
    out.add_key_length(w); out.add_value_length(w); out.add_vocab_size(c['vocab_size']); out.add_rope_dimension_count(w)
    r = c['rope_scaling'] or {'rope_type': 'none'}
    if r['rope_type'] in ('linear', 'yarn'):
        out.add_rope_scaling_type(gguf.RopeScalingType(r['rope_type'])); out.add_rope_scaling_factor(r['factor'])
    if r['rope_type'] == 'yarn': out.add_rope_scaling_orig_ctx_len(r['original_max_position_embeddings'])
    if r['rope_type'] == 'llama3':
        freqs, factors = 1.0 / (c['rope_theta'] ** (np.arange(0, w, 2, dtype=np.float32) / w)), []
        for wave in 2 * np.pi / freqs:
            smooth = (8192 / wave - 1) / (4 - 1)
            factors.append(1 if wave < 8192 / 4 else r['factor'] if wave > 8192 else 1 / ((1 - smooth) / r['factor'] + smooth))
        out.add_tensor('rope_freqs.weight', np.array(factors, dtype=np.float32))
out.write_header_to_file(); out.write_kv_data_to_file(); out.write_tensors_to_file(); out.close()
print(json.dumps(shapes))`

describe.skipIf(missing !== undefined)('a model of', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lotion-gguf-names-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test.each(configs)('$model_type, rope_scaling $rope_scaling, is read back', async (config) => {
    const shapes = JSON.parse(run(script, folder, JSON.stringify(config))) as Record<string, number[]>
    const file = await openGguf(join(folder, 'model.gguf'))
    expect(await hfConfig(file)).toEqual(config)
    const { tensors, read } = hfTensors(file)
    expect(Object.keys(tensors).sort()).toEqual(Object.keys(shapes).sort())
    for (const [name, shape] of Object.entries(shapes)) {
      expect(tensors[name]!.shape, name).toEqual(shape)
      const found = await read(name)
      expect(Buffer.from(found.buffer).equals(await readFile(join(folder, name))), name).toBe(true)
    }
    await file.close()
  })
})

/** A file that says these things, over those of a small model. */
function fileOf(metadata: Readonly<Record<string, string | number | boolean | Int32Array>>, more = {}) {
  return {
    path: 'a.gguf',
    metadata: {
      'general.architecture': 'llama',
      'llama.block_count': 1,
      'llama.context_length': 64,
      'llama.embedding_length': 16,
      'llama.feed_forward_length': 32,
      'llama.attention.head_count': 2,
      'llama.attention.layer_norm_rms_epsilon': 1e-5,
      ...metadata,
    },
    tensors: { 'token_embd.weight': { type: 'F32', shape: [5, 16] }, ...more },
    read: () => Promise.resolve(Float32Array.of(1, 1, 2, 9)),
  }
}

test.each<[string, Readonly<Record<string, string | number | boolean | Int32Array>>, string]>([
  ['no architecture', { 'general.architecture': 7 }, 'general.architecture: expected text, found 7'],
  [
    'another architecture',
    { 'general.architecture': 'mamba' },
    "general.architecture: expected one of llama, qwen2, qwen3, gpt2, found 'mamba'",
  ],
  ['an adapter', { 'general.type': 'adapter' }, "general.type: expected 'model', found 'adapter'"],
  [
    'experts',
    { 'llama.expert_count': 8 },
    'llama.expert_count: expected 0, found 8, which is not understood',
  ],
  ['what is new', { 'llama.wonder': true }, 'llama.wonder: expected nothing more of the architecture'],
  [
    'heads that differ by layer',
    { 'llama.attention.head_count_kv': Int32Array.of(1, 2) },
    'llama.attention.head_count_kv: expected a whole number, found an array of 2',
  ],
  [
    'half of a rotation',
    { 'llama.rope.dimension_count': 4 },
    'llama.rope.dimension_count: expected 8, found 4',
  ],
  ['values of another width', { 'llama.attention.value_length': 4 }, 'value_length: expected 8, found 4'],
  ['another vocabulary', { 'llama.vocab_size': 6 }, 'llama.vocab_size: expected 5, found 6'],
  [
    'a part of a width',
    { 'llama.attention.head_count': 3 },
    'attention.head_count: expected heads that share embedding_length 16 evenly, found 3',
  ],
  [
    'a scaling that is not known',
    { 'llama.rope.scaling.type': 'longrope' },
    "llama.rope.scaling.type: expected none or linear or yarn, found 'longrope'",
  ],
])('a configuration with %s is refused by name', async (_, metadata, message) => {
  await expect(hfConfig(fileOf(metadata))).rejects.toThrow(message)
})

test('a configuration without what it needs is refused, and frequencies of another scaling', async () => {
  const { 'llama.block_count': _, ...rest } = fileOf({}).metadata
  await expect(hfConfig({ ...fileOf({}), metadata: rest })).rejects.toThrow(
    'llama.block_count: expected a whole number, found none',
  )
  await expect(hfConfig({ ...fileOf({}), tensors: {} })).rejects.toThrow('token_embd.weight, found none')
  const freqs = { 'rope_freqs.weight': { type: 'F32', shape: [4] } }
  await expect(hfConfig(fileOf({}, freqs))).rejects.toThrow(
    /rope_freqs\.weight: expected the 4 divisors of Llama 3 for factor 9, .*number 2 2 instead of 1$/,
  )
})

test('divisors of Llama 3 rise from 1 to the factor', () => {
  const divisors = [...llama3Divisors(8, 500_000, 128)]
  expect(divisors).toHaveLength(64)
  expect(divisors).toEqual(divisors.toSorted((a, b) => a - b))
  expect([divisors[0], divisors[63]]).toEqual([1, 8])
  expect(new Set(divisors).size).toBeGreaterThan(3)
})

test.each([
  'blk.0.attn_sinks.weight',
  'blk.00.attn_q.weight',
  'blk.*.attn_q.weight',
  'attn_q.weight',
  'blk.0.ffn_gate_exps.weight',
  'toString',
])('the tensor %s is refused by name', (name) => {
  expect(() => hfTensors(fileOf({}, { [name]: { type: 'F32', shape: [1] } }))).toThrow(
    `a.gguf: '${name}': expected a tensor of the architecture 'llama', found one that it does not have`,
  )
})
