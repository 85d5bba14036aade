// A GPT-2-style decoder: pre-normalised residual blocks with layer normalisation, learned positions and a
// GELU feed-forward layer. Comes in: options. Goes out: a model of token ids int32 [B, T].
// Source: Radford et al., "Language Models are Unsupervised Multitask Learners". Names as in GPT-2
// safetensors, linear weights [out, in] as in nanoGPT.

import { refuseUnknownKeys } from '@lotion/core/internal'
import { gelu } from './activation.js'
import { positive, whole } from './checked-option.js'
import { fusedAttention } from './decoder/attention.js'
import { decoder, type DecoderModel, type DecoderParts } from './decoder/decoder.js'
import { tokenEmbedding, withLearnedPositions } from './decoder/embedding.js'
import { plainFeedForward } from './decoder/feed-forward.js'
import { ownHead, tiedHead } from './decoder/linear.js'
import { layerNormLayer } from './decoder/norms.js'

/** What a caller writes; everything with a question mark has a default. */
export interface Gpt2Options {
  /** Number of token ids. */
  readonly vocabulary: number
  /** Width d of the residual stream, a multiple of `heads`. */
  readonly dimension: number
  /** Number of decoder blocks, each of attention and a feed-forward layer; at least 1. */
  readonly layers: number
  /** Heads of attention, each d / heads wide. */
  readonly heads: number
  /** Width of the feed-forward layer. Default 4 · d. */
  readonly hidden?: number
  /** Longest sequence. */
  readonly context: number
  /** Rows of the table of positions, at least `context`. Default `context`. */
  readonly positions?: number
  /** Whether the head shares the embedding's weights. Default true. */
  readonly tied?: boolean
  /** Whether linear layers and normalisations have biases. Default true. */
  readonly biases?: boolean
  /** ε of the normalisation. Default 1e-5. */
  readonly epsilon?: number
}

/** A complete configuration. */
export type Gpt2Config = Required<Gpt2Options>

/** A GPT-2-style decoder as a value. */
export type Gpt2 = DecoderModel<Gpt2Config>

const optionNames: Readonly<Record<keyof Gpt2Options, true>> = {
  vocabulary: true,
  dimension: true,
  layers: true,
  heads: true,
  hidden: true,
  context: true,
  positions: true,
  tied: true,
  biases: true,
  epsilon: true,
}

function gpt2Config(options: Gpt2Options): Gpt2Config {
  refuseUnknownKeys('gpt2', options, optionNames)
  const dimension = whole('dimension', options.dimension)
  const heads = whole('heads', options.heads)
  if (dimension % heads !== 0)
    throw new RangeError(`dimension: expected a multiple of heads = ${heads}, found ${dimension}`)
  const vocabulary = whole('vocabulary', options.vocabulary)
  if (vocabulary < 2) throw new RangeError('vocabulary: expected at least 2 token ids, found 1')
  const context = whole('context', options.context)
  const positions = whole('positions', options.positions ?? context)
  if (positions < context)
    throw new RangeError(`positions: expected at least context = ${context}, found ${positions}`)
  return Object.freeze({
    vocabulary,
    dimension,
    layers: whole('layers', options.layers),
    heads,
    hidden: whole('hidden', options.hidden ?? 4 * dimension),
    context,
    positions,
    tied: options.tied ?? true,
    biases: options.biases ?? true,
    epsilon: positive('epsilon', options.epsilon ?? 1e-5),
  })
}

/**
 * Linear weights are [out, in], drawn with variance 1/in, those that write to the residual stream divided by
 * √(2 · layers); both tables have variance 1/d.
 */
function gpt2Parts(config: Gpt2Config): DecoderParts {
  const { vocabulary, dimension, layers, heads, hidden, tied, biases: bias, epsilon } = config
  const gain = 1 / Math.sqrt(2 * layers)
  const std = 1 / Math.sqrt(dimension)
  const table = 'transformer.wte.weight'
  const tokens = tokenEmbedding(table, vocabulary, dimension, std)
  return {
    dimension,
    embedding: withLearnedPositions(tokens, 'transformer.wpe.weight', config.positions, dimension, std),
    blocks: Array.from({ length: layers }, (_, layer) => {
      const at = `transformer.h.${layer}`
      return {
        attentionNorm: layerNormLayer(`${at}.ln_1`, dimension, epsilon, bias),
        attention: fusedAttention(`${at}.attn`, { dimension, heads, bias, gain }),
        feedForwardNorm: layerNormLayer(`${at}.ln_2`, dimension, epsilon, bias),
        feedForward: plainFeedForward(`${at}.mlp`, { dimension, hidden, bias, gain }, gelu),
      }
    }),
    norm: layerNormLayer('transformer.ln_f', dimension, epsilon, bias),
    head: tied ? tiedHead(table) : ownHead('lm_head', { inputs: dimension, outputs: vocabulary }),
  }
}

/**
 * Define a decoder as GPT-2 and nanoGPT are. Batches and loss are those of `llama`, GELU is the tanh form.
 * @throws RangeError if an option is out of range or a batch is too long, TypeError if an option is unknown
 * or a parameter or batch array is missing. Engines refuse ids out of range before the step.
 * @example
 * ```ts
 * import { gpt2 } from '@lotion/models'
 *
 * const model = gpt2({ vocabulary: 83, dimension: 64, layers: 2, heads: 4, context: 64 })
 * console.log(model.parameterCount, model.init(1))
 * ```
 */
export function gpt2(options: Gpt2Options): Gpt2 {
  const config = gpt2Config(options)
  return decoder('gpt2', config, gpt2Parts(config))
}
