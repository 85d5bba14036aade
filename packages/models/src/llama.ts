// A Llama-style decoder: pre-normalised residual blocks of causal attention with rotary positions and a gated
// feed-forward layer. Comes in: options. Goes out: a model of token ids int32 [B, T].
// Source: Touvron et al., arXiv 2302.13971; Shazeer, arXiv 2002.05202 (SwiGLU). Layout and names as in Llama
// safetensors.

import { rotaryFrequencies } from '@lotion/core/internal'
import { decoder, type DecoderModel, type DecoderParts } from './decoder/decoder.js'
import { rotaryAttention } from './decoder/attention.js'
import { tokenEmbedding } from './decoder/embedding.js'
import { gatedFeedForward } from './decoder/feed-forward.js'
import { ownHead, tiedHead } from './decoder/linear.js'
import { rmsNormLayer } from './decoder/norms.js'
import { llamaConfig, type LlamaConfig, type LlamaOptions } from './llama-config.js'
import { rotaryTable, scaleTable } from './rotary.js'

/** A Llama-style decoder as a value. */
export type Llama = DecoderModel<LlamaConfig>

/**
 * Linear weights are [out, in], drawn with variance 1/in; the two that write to the residual stream are
 * divided by √(2 · layers), so that its variance does not grow with depth. Embeddings have variance 1, the
 * scale of what the layers add to them, unless they are also the head's weights (1/in). Logits start at
 * variance 1, the loss at about log(vocabulary) + ½.
 */
function llamaParts(config: LlamaConfig): DecoderParts {
  const { vocabulary, dimension, layers, headDimension, hidden, tied, epsilon, biases, qkNorm } = config
  const gain = 1 / Math.sqrt(2 * layers)
  const embedding = 'model.embed_tokens.weight'
  const frequencies = rotaryFrequencies(headDimension, config.ropeBase, config.ropeScaling)
  return {
    dimension,
    embedding: tokenEmbedding(embedding, vocabulary, dimension, tied ? 1 / Math.sqrt(dimension) : 1),
    blocks: Array.from({ length: layers }, (_, layer) => {
      const at = `model.layers.${layer}`
      return {
        attentionNorm: rmsNormLayer(`${at}.input_layernorm`, dimension, epsilon),
        attention: rotaryAttention(`${at}.self_attn`, {
          ...config,
          qkvBias: biases.includes('qkv'),
          outputBias: biases.includes('output'),
          qkNorm: qkNorm ? epsilon : undefined,
          gain,
        }),
        feedForwardNorm: rmsNormLayer(`${at}.post_attention_layernorm`, dimension, epsilon),
        feedForward: gatedFeedForward(`${at}.mlp`, { dimension, hidden, bias: biases.includes('mlp'), gain }),
      }
    }),
    norm: rmsNormLayer('model.norm', dimension, epsilon),
    head: tied ? tiedHead(embedding) : ownHead('lm_head', { inputs: dimension, outputs: vocabulary }),
    turn: (positions) => {
      const key = rotaryTable(positions, frequencies)
      return { query: scaleTable(key, 1 / Math.sqrt(headDimension)), key }
    },
  }
}

/**
 * Define a decoder. Its batches are `{ x: int32 [B, T], y: int32 [B, T] }`, T ≤ context, y the token that
 * follows x; or −100 where none counts; its loss is the mean over all tokens that do. A batch may have
 * `segments`, int32 [B, T], the document of each token: tokens see those of their own document alone.
 * @throws RangeError if an option is out of range or a batch is too long, TypeError if an option is unknown
 * or a parameter or batch array is missing. Engines refuse ids out of range before the step.
 * @example
 * ```ts
 * import { llama } from '@lotion/models'
 *
 * const model = llama({ vocabulary: 256, dimension: 32, layers: 1, heads: 4, context: 16 })
 * console.log(model.parameterCount, model.init(1))
 * ```
 */
export function llama(options: LlamaOptions): Llama {
  const config = llamaConfig(options)
  return decoder('llama', config, llamaParts(config))
}
