// What an ONNX graph of a decoder is made from. Comes in: a parsed config.json. Goes out: extents, positions,
// ε; or an error that names the key. Source: the configuration classes of transformers.

import { rotaryFrequencies, shownValue, type FrequencyRule } from '@lotion/core/internal'

type Config = Readonly<Record<string, unknown>>

/** A decoder as its graph needs it. */
export interface DecoderConfig {
  readonly vocabulary: number
  readonly dimension: number
  readonly layers: number
  readonly heads: number
  readonly kvHeads: number
  readonly headDimension: number
  readonly hidden: number
  readonly epsilon: number
  readonly tied: boolean
  /** Radians a position for each pair of features; or rows of a table of learned positions. */
  readonly positions: { readonly frequencies: readonly number[] } | { readonly rows: number }
}

/** Classes that compute as Llama does, apart from weights that they have or have not. */
const rotaryTypes: readonly unknown[] = ['llama', 'mistral', 'qwen2', 'qwen3']

const refuse = (key: string, expected: string, found: unknown): never => {
  const text = found === undefined ? 'nothing' : shownValue(found)
  throw new RangeError(`onnx: config.json: '${key}': expected ${expected}, found ${text}`)
}

function whole(config: Config, key: string, otherwise?: number): number {
  const value = config[key] ?? otherwise
  return typeof value === 'number' && Number.isInteger(value) && value >= 1
    ? value
    : refuse(key, 'a whole number of at least 1', value)
}

function positive(config: Config, key: string, otherwise: number): number {
  const value = config[key] ?? otherwise
  return typeof value === 'number' && Number.isFinite(value) && value > 0
    ? value
    : refuse(key, 'a positive number', value)
}

function flag(config: Config, key: string, otherwise: boolean): boolean {
  const value = config[key] ?? otherwise
  return typeof value === 'boolean' ? value : refuse(key, 'true or false', value)
}

/** Refuse another value of a key that decides what is computed; a key that is missing has the first. */
function only(config: Config, key: string, ...values: readonly unknown[]): void {
  const value = config[key] ?? values[0]
  if (!values.includes(value)) refuse(key, values.map(String).join(' or '), value)
}

/**
 * Read a config.json.
 * @throws RangeError naming a key that is missing, or asks for what the graph does not compute.
 */
export function decoderConfig(config: Config): DecoderConfig {
  const type = config['model_type']
  if (type === 'gpt2') return gpt2Config(config)
  if (rotaryTypes.includes(type)) return rotaryConfig(config)
  return refuse('model_type', `gpt2, ${rotaryTypes.join(', ')}`, type)
}

function gpt2Config(config: Config): DecoderConfig {
  only(config, 'activation_function', 'gelu_new', 'gelu_pytorch_tanh')
  only(config, 'scale_attn_weights', true)
  only(config, 'scale_attn_by_inverse_layer_idx', false)
  const dimension = whole(config, 'n_embd')
  const heads = whole(config, 'n_head')
  if (dimension % heads !== 0) refuse('n_embd', `a multiple of n_head = ${heads}`, dimension)
  return {
    vocabulary: whole(config, 'vocab_size'),
    dimension,
    layers: whole(config, 'n_layer'),
    heads,
    kvHeads: heads,
    headDimension: dimension / heads,
    hidden: whole(config, 'n_inner', 4 * dimension),
    epsilon: positive(config, 'layer_norm_epsilon', 1e-5),
    tied: flag(config, 'tie_word_embeddings', true),
    positions: { rows: whole(config, 'n_positions') },
  }
}

function rotaryConfig(config: Config): DecoderConfig {
  only(config, 'hidden_act', 'silu', 'swish')
  const dimension = whole(config, 'hidden_size')
  const heads = whole(config, 'num_attention_heads')
  const kvHeads = whole(config, 'num_key_value_heads', heads)
  if (heads % kvHeads !== 0) refuse('num_key_value_heads', `a divisor of ${heads} heads`, kvHeads)
  // Of the classes Qwen 3's alone has a width of its own where the file names none.
  const width = config['model_type'] === 'qwen3' ? 128 : dimension / heads
  const headDimension = whole(config, 'head_dim', width)
  if (headDimension % 2 !== 0) refuse('head_dim', 'an even number', headDimension)
  refuseWindow(config, whole(config, 'max_position_embeddings'))
  return {
    vocabulary: whole(config, 'vocab_size'),
    dimension,
    layers: whole(config, 'num_hidden_layers'),
    heads,
    kvHeads,
    headDimension,
    hidden: whole(config, 'intermediate_size'),
    epsilon: positive(config, 'rms_norm_eps', 1e-6),
    tied: flag(config, 'tie_word_embeddings', false),
    positions: { frequencies: frequencies(config, headDimension) },
  }
}

/** A window as large as the context hides nothing. */
function refuseWindow(config: Config, context: number): void {
  const window = config['sliding_window']
  const isOff = config['use_sliding_window'] === false || window === null || window === undefined
  if (!isOff && !(typeof window === 'number' && window >= context))
    refuse('sliding_window', `null, or at least the context of ${context}`, window)
}

function frequencies(config: Config, width: number): readonly number[] {
  const { rope_scaling, rope_parameters } = config
  const scaling = rope_scaling ?? rope_parameters ?? {}
  if (typeof scaling !== 'object') return refuse('rope_scaling', 'an object', scaling)
  const record = scaling as Config
  only(record, 'partial_rotary_factor', 1)
  const base = positive({ ...config, ...record }, 'rope_theta', 10_000)
  const type = record['rope_type'] ?? record['type'] ?? 'default'
  const number = (key: string): number =>
    record[key] === undefined ? refuse(key, 'a number', undefined) : positive(record, key, 1)
  const rule = (): FrequencyRule | null => {
    if (type === 'default') return null
    if (type === 'linear') return { type, factor: number('factor') }
    if (type !== 'llama3') return refuse('rope_scaling', `type: 'default', 'linear' or 'llama3'`, type)
    return {
      type,
      factor: number('factor'),
      lowFrequencyFactor: number('low_freq_factor'),
      highFrequencyFactor: number('high_freq_factor'),
      originalContext: number('original_max_position_embeddings'),
    }
  }
  return rotaryFrequencies(width, base, rule())
}
