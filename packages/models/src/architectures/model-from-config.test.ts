// What config.json says becomes a model, or an error by name.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fixtureNames, fixtures, readFixture } from '../../test/fixtures.js'
import { gpt2 } from '../gpt2.js'
import { llama } from '../llama.js'
import { architectureOf, builtInArchitectures, configOf, modelFromConfig } from './architectures.js'
import type { HuggingFaceConfig } from './define-architecture.js'

const small = {
  model_type: 'llama',
  vocab_size: 16,
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  max_position_embeddings: 32,
}

const optionsOf = (config: object): Record<string, unknown> =>
  modelFromConfig(config).model.config as unknown as Record<string, unknown>

// config-keys-VERSION.json: all options of transformers' own classes, with their defaults.
const keyFiles = readdirSync(fixtures).filter((name) => name.startsWith('config-keys-'))

describe.each(keyFiles)('%s', (file) => {
  const classes = JSON.parse(readFileSync(join(fixtures, file), 'utf8')) as Record<string, HuggingFaceConfig>

  it('is of every architecture', () => {
    expect(Object.keys(classes).sort()).toEqual(builtInArchitectures.map(({ name }) => name))
  })

  it.each(Object.keys(classes))('%s: every option of the class is known, with its default', (name) => {
    const all = classes[name]!
    // The window of Mistral's default is smaller than its default context.
    const options = { context: name === 'gpt2' ? 1024 : 2048 }
    const { model } = modelFromConfig(all, options)
    const sizes = Object.entries(all).filter(([key]) => key in small || /^n_|_positions$/.test(key))
    const grouped = name === 'gpt2' ? {} : { num_key_value_heads: all['num_key_value_heads'] }
    const bare = { model_type: name, ...Object.fromEntries(sizes), ...grouped }
    expect(modelFromConfig(bare, options).model.config).toEqual(model.config)
  })
})

describe('modelFromConfig', () => {
  it('reads a file of SmolLM2 and one of TinyLlama', () => {
    const smollm2 = {
      architectures: ['LlamaForCausalLM'],
      attention_bias: false,
      attention_dropout: 0.0,
      bos_token_id: 1,
      eos_token_id: 2,
      hidden_act: 'silu',
      hidden_size: 576,
      initializer_range: 0.041666666666666664,
      intermediate_size: 1536,
      is_llama_config: true,
      max_position_embeddings: 8192,
      mlp_bias: false,
      model_type: 'llama',
      num_attention_heads: 9,
      num_hidden_layers: 30,
      num_key_value_heads: 3,
      pad_token_id: 2,
      pretraining_tp: 1,
      rms_norm_eps: 1e-5,
      rope_interleaved: false,
      rope_scaling: null,
      rope_theta: 100000,
      tie_word_embeddings: true,
      torch_dtype: 'bfloat16',
      'transformers.js_config': { kv_cache_dtype: { q4f16: 'float16' } },
      transformers_version: '4.42.3',
      use_cache: true,
      vocab_size: 49152,
    }
    const { model, warnings } = modelFromConfig(smollm2, { context: 512 })
    expect(model.config).toMatchObject({ context: 512, kvHeads: 3, ropeBase: 100_000, tied: true })
    expect(model.parameterCount).toBe(134_515_008)
    expect(warnings).toEqual([])
    const tinyllama = { ...small, num_key_value_heads: 1, pretraining_tp: 1, rope_scaling: null }
    expect(optionsOf(tinyllama)).toMatchObject({ kvHeads: 1, epsilon: 1e-6, ropeBase: 10_000 })
  })

  it('reads both forms of the rotary keys', () => {
    const rope = {
      factor: 32,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 8192,
    }
    const older = { rope_theta: 500000, rope_scaling: { rope_type: 'llama3', ...rope } }
    const newer = { rope_parameters: { rope_type: 'llama3', rope_theta: 500000, ...rope } }
    const expected = {
      type: 'llama3',
      factor: 32,
      lowFrequencyFactor: 1,
      highFrequencyFactor: 4,
      originalContext: 8192,
    }
    for (const keys of [older, newer, { ...older, ...newer }])
      expect(optionsOf({ ...small, ...keys })).toMatchObject({ ropeBase: 500_000, ropeScaling: expected })
    expect(optionsOf({ ...small, rope_scaling: { type: 'linear', factor: 2 } })).toMatchObject({
      ropeScaling: { type: 'linear', factor: 2 },
    })
  })

  it('says that dropout is left out', () => {
    expect(modelFromConfig({ ...small, attention_dropout: 0.1 }).warnings).toEqual([
      "config.json: 'attention_dropout' = 0.1: dropout is taken from the options of a training alone; the logits are the same",
    ])
  })

  it('takes a window that hides nothing', () => {
    const mistral = { ...small, model_type: 'mistral', num_key_value_heads: 1, sliding_window: 16 }
    expect(() => modelFromConfig(mistral)).toThrow(
      "config.json: 'sliding_window': expected null, or at least the context of 32 (a smaller context would do), found 16",
    )
    expect(modelFromConfig(mistral, { context: 16 }).model.config.context).toBe(16)
    const qwen = { ...mistral, model_type: 'qwen2', max_window_layers: 1 }
    expect(optionsOf(qwen)).toMatchObject({ biases: ['qkv'] })
    expect(() => modelFromConfig({ ...qwen, use_sliding_window: true })).toThrow('sliding_window')
    const above = { ...qwen, use_sliding_window: true, max_window_layers: 2 }
    expect(optionsOf(above)).toMatchObject({ layers: 2 })
    const layers = { layer_types: ['full_attention', 'sliding_attention'] }
    expect(() => modelFromConfig({ ...above, ...layers })).toThrow('sliding_window')
  })

  it.each([
    [
      { attention_multiplier: 2 },
      /^config.json: 'attention_multiplier': expected nothing of that name, found 2; /,
    ],
    [{ rms_norm_epsilon: 1 }, /'rms_norm_epsilon': .* did you mean 'rms_norm_eps'\?/],
    [{ hidden_act: 'gelu' }, /'hidden_act': expected "silu" or "swish", found the text 'gelu'/],
    [
      { model_type: 'gemma' },
      /'model_type': expected gpt2, llama, mistral, qwen2, qwen3, found the text 'gemma'/,
    ],
    [{ hidden_size: '8' }, /'hidden_size': expected a whole number of at least 1, found the text '8'/],
    [{ hidden_size: undefined }, /'hidden_size': expected a whole number of at least 1, found nothing/],
    [{ mlp_bias: 1 }, /'mlp_bias': expected true or false, found 1/],
    [
      { architectures: ['LlamaForTokenClassification'] },
      /'architectures': expected classes of LlamaForCausalLM/,
    ],
    [{ quantization_config: { bits: 4 } }, /'quantization_config': expected null, found an object/],
    [{ auto_map: { AutoModel: 'x.py' } }, /'auto_map': expected null/],
    [
      { rope_scaling: { type: 'yarn', factor: 2 } },
      /'rope_scaling': expected type: 'default', 'linear' or 'llama3', found the text 'yarn'/,
    ],
    [{ rope_scaling: { type: 'dynamic', factor: 2 } }, /found the text 'dynamic'/],
    [{ rope_scaling: { rope_type: 'longrope' } }, /found the text 'longrope'/],
    [
      { rope_scaling: { type: 'linear', factor: 2, beta_fast: 3 } },
      /nothing of the name 'beta_fast' for the type 'linear', found 3/,
    ],
    [{ rope_scaling: { type: 'linear' } }, /'rope_scaling': expected factor: a number, found nothing/],
    [{ rope_scaling: { type: 'linear', factor: 0.5 } }, /factor: expected a number of at least 1, found 0.5/],
    [{ rope_parameters: { rope_theta: 5 }, rope_theta: 6 }, /'rope_theta': expected one value, 5, found 6/],
    [{ rope_theta: 0 }, /'rope_theta': expected a positive number, found 0/],
    [{ model_type: 'qwen2' }, /'num_key_value_heads': expected a whole number of at least 1, found nothing/],
    [{ num_key_value_heads: 3 }, /kvHeads: expected a divisor of heads = 2, found 3/],
  ])('refuses %o', (wrong, message) => {
    expect(() => modelFromConfig({ ...small, ...wrong })).toThrow(message)
  })

  it('refuses what is no object, and a context that is too long', () => {
    expect(() => modelFromConfig('{}')).toThrow("config.json: expected an object, found the text '{}'")
    expect(() => modelFromConfig(small, { context: 33 })).toThrow(
      "context: expected a whole number from 1 to 32 (config.json: 'max_position_embeddings'), found 33",
    )
  })
})

describe('configOf', () => {
  it.each(fixtureNames)('%s: describes the same model', (name) => {
    const { model, architecture } = modelFromConfig(readFixture(name).config)
    const again = modelFromConfig(JSON.parse(JSON.stringify(configOf(model))))
    expect(again.model.config).toEqual(model.config)
    expect(again.tensors).toEqual(modelFromConfig(readFixture(name).config).tensors)
    const own = modelFromConfig(architecture.configOf(model))
    expect(own.architecture.name).toBe(architecture.name)
    expect(own.model.config).toEqual(model.config)
  })

  it('refuses a model that transformers cannot have', () => {
    const options = { vocabulary: 9, dimension: 8, layers: 1, heads: 2, context: 4 }
    expect(() => configOf(gpt2({ ...options, biases: false }))).toThrow(
      /^gpt2: expected a model that a config.json can describe \(gpt2, llama, mistral, qwen2, qwen3\), found .*"biases":false/,
    )
    expect(() => architectureOf(llama({ ...options, biases: ['output'] }))).toThrow('"biases":["output"]')
    expect(architectureOf(llama({ ...options, biases: ['mlp', 'qkv', 'output'] })).name).toBe('llama')
  })
})
