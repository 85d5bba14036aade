// The configuration of a Llama-style decoder: what a caller writes, what it means once completed, and its
// parameters. Comes in: options. Goes out: a checked, complete configuration and the table of parameters,
// named as in Llama checkpoints.

import type { Tree } from '@lotion/core'
import { refuseUnknownKeys } from '@lotion/core/internal'
import type { Parameter } from './parameter.js'

/** What a caller writes; everything with a question mark has a default. */
export interface LlamaOptions {
  /** Number of token ids. */
  readonly vocabulary: number
  /** Width d of the residual stream. */
  readonly dimension: number
  /** Number of decoder blocks, each of attention and a feed-forward layer; at least 1. */
  readonly layers: number
  /** Query heads; d / heads is the head's width, an even number. */
  readonly heads: number
  /** Key and value heads, a divisor of `heads`. Default `heads`. */
  readonly kvHeads?: number
  /** Width of the feed-forward layer. Default 8/3 · d, rounded up to a multiple of 32. */
  readonly hidden?: number
  /** Longest sequence. */
  readonly context: number
  /** Whether the head shares the embedding's weights. Default false. */
  readonly tied?: boolean
  /** Base of the rotary frequencies. Default 10000. */
  readonly ropeBase?: number
  /** ε of the normalisation. Default 1e-5. */
  readonly epsilon?: number
}

/** A complete configuration. */
export type LlamaConfig = Required<LlamaOptions>

function whole(name: keyof LlamaOptions, value: number): number {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`${name}: expected a whole number of at least 1, found ${value}`)
  }
  return value
}

function positive(name: keyof LlamaOptions, value: number): number {
  if (!Number.isFinite(value) || value <= 0) {
    throw new RangeError(`${name}: expected a positive finite number, found ${value}`)
  }
  return value
}

const optionNames: Readonly<Record<keyof LlamaOptions, true>> = {
  vocabulary: true,
  dimension: true,
  layers: true,
  heads: true,
  kvHeads: true,
  hidden: true,
  context: true,
  tied: true,
  ropeBase: true,
  epsilon: true,
}

/**
 * Check options and fill in the defaults.
 * @throws RangeError naming the option, what it should be and what it is; TypeError if one is unknown: a
 * model without what it asks for, such as another width of the heads, would compute something else in
 * silence.
 */
export function llamaConfig(options: LlamaOptions): LlamaConfig {
  refuseUnknownKeys('llama', options, optionNames)
  const dimension = whole('dimension', options.dimension)
  const heads = whole('heads', options.heads)
  const kvHeads = whole('kvHeads', options.kvHeads ?? heads)
  if (dimension % (2 * heads) !== 0) {
    throw new RangeError(
      `dimension: expected a multiple of 2 · heads = ${2 * heads} (rotary features come in pairs), found ${dimension}`,
    )
  }
  if (heads % kvHeads !== 0) {
    throw new RangeError(`kvHeads: expected a divisor of heads = ${heads}, found ${kvHeads}`)
  }
  const vocabulary = whole('vocabulary', options.vocabulary)
  if (vocabulary < 2) throw new RangeError('vocabulary: expected at least 2 token ids, found 1')
  return Object.freeze({
    vocabulary,
    dimension,
    layers: whole('layers', options.layers),
    heads,
    kvHeads,
    hidden: whole('hidden', options.hidden ?? 32 * Math.ceil((8 * dimension) / 3 / 32)),
    context: whole('context', options.context),
    tied: options.tied ?? false,
    ropeBase: positive('ropeBase', options.ropeBase ?? 10_000),
    epsilon: positive('epsilon', options.epsilon ?? 1e-5),
  })
}

/**
 * List the parameters. Linear weights are [out, in], drawn with variance 1/in; the two that write to the
 * residual stream are divided by √(2 · layers), so that its variance does not grow with depth. Embeddings
 * have variance 1, the scale of what the layers add to them, unless they are also the head's weights (1/in).
 * Logits start at variance 1, the loss at about log(vocabulary) + ½.
 */
export function llamaParameters(config: LlamaConfig): Tree<Parameter> {
  const { vocabulary, dimension, layers, heads, kvHeads, hidden, tied } = config
  const kv = (dimension / heads) * kvHeads
  const residual = 1 / Math.sqrt(2 * layers)
  const linear = (out: number, fanIn: number, gain = 1): Parameter => ({
    shape: [out, fanIn],
    mean: 0,
    std: gain / Math.sqrt(fanIn),
  })
  const ones: Parameter = { shape: [dimension], mean: 1, std: 0 }
  const head = linear(vocabulary, dimension)
  const table: Record<string, Parameter> = {
    'model.embed_tokens.weight': tied ? head : { ...head, std: 1 },
  }
  for (let layer = 0; layer < layers; layer++) {
    const at = `model.layers.${layer}`
    table[`${at}.input_layernorm.weight`] = ones
    table[`${at}.self_attn.q_proj.weight`] = linear(dimension, dimension)
    table[`${at}.self_attn.k_proj.weight`] = linear(kv, dimension)
    table[`${at}.self_attn.v_proj.weight`] = linear(kv, dimension)
    table[`${at}.self_attn.o_proj.weight`] = linear(dimension, dimension, residual)
    table[`${at}.post_attention_layernorm.weight`] = ones
    table[`${at}.mlp.gate_proj.weight`] = linear(hidden, dimension)
    table[`${at}.mlp.up_proj.weight`] = linear(hidden, dimension)
    table[`${at}.mlp.down_proj.weight`] = linear(dimension, hidden, residual)
  }
  table['model.norm.weight'] = ones
  if (!tied) table['lm_head.weight'] = head
  return table
}
