// A Llama-style decoder: pre-normalised residual blocks of causal attention with rotary positions and a gated
// feed-forward layer. Comes in: token ids int32 [B, T]. Goes out: logits [B, T, V], mean cross-entropy in
// nats.
// Source: Touvron et al., arXiv 2302.13971; Shazeer, arXiv 2002.05202 (SwiGLU). Layout and names as in Llama
// safetensors.

import { leafOf, type Batch, type Tree } from '@lotion/core'
import * as tf from '@tensorflow/tfjs-core'
import { causalAttention, causalMask } from './causal-attention.js'
import { countedTargets, crossEntropy, refuseOtherShape, targetRange } from './cross-entropy.js'
import { llamaConfig, llamaParameters, type LlamaConfig, type LlamaOptions } from './llama-config.js'
import type { Model } from './model.js'
import { countOf, draw, shapesOf } from './parameter.js'
import { rmsNorm } from './rms-norm.js'
import { rotaryTable, rotate, scaleTable, type RotaryTable } from './rotary.js'
import { swiglu } from './swiglu.js'

/** A Llama-style decoder as a value. */
export type Llama = Model<LlamaConfig>

/** What the layers of one evaluation share. */
interface Shared {
  readonly batch: number
  readonly context: number
  readonly mask: tf.Tensor
  readonly queryTurn: RotaryTable
  readonly keyTurn: RotaryTable
}

/** y = x Wᵀ for rows x [N, in] and W [out, in]. */
function linear(params: Tree<tf.Tensor>, name: string, x: tf.Tensor): tf.Tensor {
  return tf.matMul(x, leafOf(params, `${name}.weight`, 'params'), false, true)
}

function attention(config: LlamaConfig, params: Tree<tf.Tensor>, at: string, x: tf.Tensor, shared: Shared) {
  const { batch, context, mask, queryTurn, keyTurn } = shared
  const { dimension, heads, kvHeads } = config
  const split = (name: string, count: number) =>
    tf.transpose(
      tf.reshape(linear(params, `${at}.${name}`, x), [batch, context, count, dimension / heads]),
      [0, 2, 1, 3],
    )
  const q = rotate(split('q_proj', heads), queryTurn)
  const k = rotate(split('k_proj', kvHeads), keyTurn)
  const out = causalAttention(q, k, split('v_proj', kvHeads), mask)
  const merged = tf.reshape(tf.transpose(out, [0, 2, 1, 3]), [batch * context, dimension])
  return linear(params, `${at}.o_proj`, merged)
}

function feedForward(params: Tree<tf.Tensor>, at: string, x: tf.Tensor): tf.Tensor {
  const opened = swiglu(linear(params, `${at}.gate_proj`, x), linear(params, `${at}.up_proj`, x))
  return linear(params, `${at}.down_proj`, opened)
}

/** Logits of every position as rows [B · T, V]. */
function rows(config: LlamaConfig, params: Tree<tf.Tensor>, tokens: tf.Tensor): tf.Tensor {
  const [batch, context] = tokens.shape
  if (batch === undefined || context === undefined || tokens.rank !== 2 || context > config.context) {
    throw new RangeError(
      `x: expected token ids [batch, at most context = ${config.context}], found [${tokens.shape.join(', ')}]`,
    )
  }
  const headDimension = config.dimension / config.heads
  const keyTurn = rotaryTable(context, headDimension, config.ropeBase)
  const queryTurn = scaleTable(keyTurn, 1 / Math.sqrt(headDimension))
  const shared: Shared = { batch, context, mask: causalMask(context), queryTurn, keyTurn }
  const norm = (name: string, y: tf.Tensor) =>
    rmsNorm(y, leafOf(params, `${name}.weight`, 'params'), config.epsilon)

  const embedding = leafOf(params, 'model.embed_tokens.weight', 'params')
  let x: tf.Tensor = tf.gather(embedding, tf.reshape(tokens, [batch * context]))
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `model.layers.${layer}`
    x = tf.add(x, attention(config, params, `${at}.self_attn`, norm(`${at}.input_layernorm`, x), shared))
    x = tf.add(x, feedForward(params, `${at}.mlp`, norm(`${at}.post_attention_layernorm`, x)))
  }
  const head = config.tied ? embedding : leafOf(params, 'lm_head.weight', 'params')
  return tf.matMul(norm('model.norm', x), head, false, true)
}

/**
 * Define a decoder. Its batches are `{ x: int32 [B, T], y: int32 [B, T] }`, T ≤ context, y the token that
 * follows x; or −100 where none counts; its loss is the mean over all tokens that do.
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
  const table = llamaParameters(config)
  return Object.freeze<Llama>({
    name: 'llama',
    config,
    shapes: shapesOf(table),
    parameterCount: countOf(table),
    init: (seed) => draw(table, seed),
    logits(params, batch) {
      const tokens = leafOf(batch, 'x', 'batch')
      return tf.reshape(rows(config, params, tokens), [...tokens.shape, config.vocabulary])
    },
    loss(params, batch) {
      const [x, y] = [leafOf(batch, 'x', 'batch'), leafOf(batch, 'y', 'batch')]
      refuseOtherShape('y', y, x.shape)
      return crossEntropy(rows(config, params, x), tf.reshape(y, [-1]))
    },
    terms: (batch: Batch) => countedTargets(leafOf(batch, 'y', 'batch')),
    ids: Object.freeze({
      x: Object.freeze({ below: config.vocabulary }),
      y: targetRange(config.vocabulary),
    }),
    leastLoss: 0,
  })
}
