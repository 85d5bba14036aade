// What files of llama, qwen2 and qwen3 say of a configuration. Comes in: keys of a config.json. Goes out:
// metadata, divisors of rotary frequencies.
// Source: convert_hf_to_gguf.py of llama.cpp; config.json of transformers.

import type { GgufNumber } from '../writable-value.js'
import type { GgufModelParts } from './gguf-architecture.js'
import { ROPE_FREQS } from './decoder.js'
import type { HfKeys } from './hf-keys.js'
import { llama3Divisors } from './llama3-scaling.js'

/** A count, as all readers take it. */
export const count = (value: number): GgufNumber => ({ type: 'uint32', value })

/** Another number, as all readers take it. */
export const single = (value: number): GgufNumber => ({ type: 'float32', value })

/** Heads that share a width evenly: a part of a head would end llama.cpp's process. */
export function headsOf(keys: HfKeys, key: string, widthKey: string, width: number): number {
  const heads = keys.whole(key)
  if (width % heads !== 0)
    throw new RangeError(
      `config.json: '${key}': expected heads that share '${widthKey}' ${width} evenly, found ${heads}`,
    )
  return heads
}

/** Whether the runtime divides frequencies by a tensor, as only its `llama` does. */
interface DecoderAbilities {
  readonly canScaleFrequencies?: boolean
}

/** Metadata of a decoder with rotary positions. @throws RangeError naming the key of config.json. */
export function decoderParts(keys: HfKeys, abilities: DecoderAbilities = {}): GgufModelParts {
  const hidden = keys.whole('hidden_size')
  const heads = keys.whole('num_attention_heads')
  const width = keys.has('head_dim')
    ? keys.whole('head_dim')
    : hidden / headsOf(keys, 'num_attention_heads', 'hidden_size', hidden)
  if (width % 2 !== 0)
    throw new RangeError(
      `config.json: 'head_dim': expected an even width, which is turned in pairs, found ${width}`,
    )
  const kvHeads = keys.whole('num_key_value_heads', heads)
  if (heads % kvHeads !== 0)
    throw new RangeError(
      `config.json: 'num_key_value_heads': expected a divisor of num_attention_heads ${heads}, found ${kvHeads}`,
    )
  keys.expect('hidden_act', 'silu', 'swish')
  keys.ignore('attention_dropout')
  const theta = keys.number('rope_theta', 10_000)
  const { metadata, tensors } = scalingParts(keys, abilities, theta, width)
  return {
    metadata: {
      vocab_size: count(keys.whole('vocab_size')),
      context_length: count(keys.whole('max_position_embeddings')),
      embedding_length: count(hidden),
      block_count: count(keys.whole('num_hidden_layers')),
      feed_forward_length: count(keys.whole('intermediate_size')),
      'attention.head_count': count(heads),
      'attention.head_count_kv': count(kvHeads),
      'attention.key_length': count(width),
      'attention.value_length': count(width),
      'attention.layer_norm_rms_epsilon': single(keys.number('rms_norm_eps')),
      'rope.dimension_count': count(width),
      'rope.freq_base': single(theta),
      ...metadata,
    },
    ...(tensors ? { tensors } : {}),
    heads: { heads, kvHeads },
  }
}

function scalingParts(
  keys: HfKeys,
  { canScaleFrequencies = false }: DecoderAbilities,
  theta: number,
  width: number,
): GgufModelParts {
  const rope = keys.record('rope_scaling')
  if (rope === undefined) return { metadata: {} }
  const type = rope.text('rope_type', rope.text('type', 'default'))
  const known = ['default', 'linear', ...(canScaleFrequencies ? ['llama3'] : [])]
  if (!known.includes(type))
    throw new RangeError(
      `config.json: 'rope_scaling': expected one of ${known.join(', ')}, which llama.cpp has for this architecture, found '${type}'`,
    )
  const parts = (): GgufModelParts => {
    if (type === 'default') return { metadata: {} }
    const factor = rope.number('factor')
    if (type === 'linear')
      return { metadata: { 'rope.scaling.type': 'linear', 'rope.scaling.factor': single(factor) } }
    const waves = {
      low: rope.number('low_freq_factor'),
      high: rope.number('high_freq_factor'),
      context: rope.whole('original_max_position_embeddings'),
    }
    return { metadata: {}, tensors: { [ROPE_FREQS]: llama3Divisors(factor, theta, width, waves) } }
  }
  const found = parts()
  rope.refuseOthers()
  return found
}
