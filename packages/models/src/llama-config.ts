// The configuration of a Llama-style decoder: what a caller writes and what it means once completed.
// Comes in: options. Goes out: a checked, complete configuration.

import { oneOf, refuseUnknownKeys } from '@lotion/core/internal'
import { positive, whole } from './checked-option.js'
import { checkedRopeScaling, type RopeScaling } from './rope-scaling.js'

/** Linear layers of a block that may have biases. */
export type BiasedLayers = 'qkv' | 'output' | 'mlp'

/** What a caller writes; everything with a question mark has a default. */
export interface LlamaOptions {
  /** Number of token ids. */
  readonly vocabulary: number
  /** Width d of the residual stream. */
  readonly dimension: number
  /** Number of decoder blocks, each of attention and a feed-forward layer; at least 1. */
  readonly layers: number
  /** Query heads. */
  readonly heads: number
  /** Width of a head, an even number. Default d / heads. */
  readonly headDimension?: number
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
  /**
   * Which linear layers of a block add biases: `qkv` those that make queries, keys and values (Qwen 2),
   * `output` the one that merges the heads, `mlp` those of the feed-forward layer. Default none.
   */
  readonly biases?: readonly BiasedLayers[]
  /** Whether each head's queries and keys are normalised before they are turned (Qwen 3). Default false. */
  readonly qkNorm?: boolean
  /** How rotary frequencies are slowed down for a longer context. Default null, not at all. */
  readonly ropeScaling?: RopeScaling | null
}

/** A complete configuration. */
export type LlamaConfig = Required<LlamaOptions>

const biasedLayers = ['qkv', 'output', 'mlp'] as const

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
  headDimension: true,
  biases: true,
  qkNorm: true,
  ropeScaling: true,
}

/** In one order, whatever they were listed in. */
function checkedBiases(biases: readonly BiasedLayers[]): readonly BiasedLayers[] {
  for (const layers of biases) oneOf('biases', layers, biasedLayers)
  return Object.freeze(biasedLayers.filter((layers) => biases.includes(layers)))
}

/**
 * Check options and fill in the defaults.
 * @throws RangeError naming the option, what it should be and what it is; TypeError if one is unknown: a
 * model without what it asks for would compute something else in silence.
 */
export function llamaConfig(options: LlamaOptions): LlamaConfig {
  refuseUnknownKeys('llama', options, optionNames)
  const dimension = whole('dimension', options.dimension)
  const heads = whole('heads', options.heads)
  const kvHeads = whole('kvHeads', options.kvHeads ?? heads)
  if (options.headDimension === undefined && dimension % (2 * heads) !== 0) {
    throw new RangeError(
      `dimension: expected a multiple of 2 · heads = ${2 * heads} (rotary features come in pairs), found ${dimension}`,
    )
  }
  const headDimension = whole('headDimension', options.headDimension ?? dimension / heads)
  if (headDimension % 2 !== 0) {
    throw new RangeError(
      `headDimension: expected an even number (rotary features come in pairs), found ${headDimension}`,
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
    headDimension,
    biases: checkedBiases(options.biases ?? []),
    qkNorm: options.qkNorm ?? false,
    ropeScaling: options.ropeScaling ? checkedRopeScaling(options.ropeScaling) : null,
  })
}
