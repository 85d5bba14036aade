// A causal language model put together from parts: an embedding, pre-normalised residual blocks of attention
// and a feed-forward layer, a last normalisation, a head. Comes in: token ids int32 [B, T]. Goes out: logits
// [B, T, V], mean cross-entropy in nats.

import { leafOf, type Batch, type Shape, type Tree } from '@lotion/core'
import * as tf from '@tensorflow/tfjs-core'
import { countedTargets, refuseOtherShape, targetRange } from '../cross-entropy.js'
import type { Model } from '../model.js'
import { countOf, draw, shapesOf } from '../parameter.js'
import { vocabularyLoss } from '../vocabulary-loss.js'
import { dropoutOf, dropoutShapes, noDropout, type DroppedExtents, type Dropout } from './dropout.js'
import type { Embedding } from './embedding.js'
import { joined, type Head, type Layer, type Mixer } from './layer.js'
import { keptNames, openCachedWindow, openWindow, type Turn, type Window } from './window.js'

/** What every causal language model has in its configuration. */
export interface CausalConfig {
  /** Number of token ids, the last extent of the logits. */
  readonly vocabulary: number
  /** Longest sequence that it takes. */
  readonly context: number
}

/** A causal language model that can also go on with a row token by token. */
export interface DecoderModel<Config extends CausalConfig> extends Model<Config> {
  /**
   * List what is kept of tokens that were read: keys and values of every layer, float32 [heads, rows, width].
   * @param rows For how many tokens there is room, at most the context.
   */
  cacheShapes(rows: number): Tree<Shape>
  /**
   * List the factors that dropout takes, float32, by the names of the batch arrays that `loss` and `logits`
   * multiply with where a batch has them: 0, or 1 / (1 − p), of the embedding [B, T, d], and of each block's
   * attention weights [B, H, T, T], and what its attention and its feed-forward layer add [B, T, d].
   * @param batch Rows of the batch, B.
   * @param context Tokens of a row, T.
   */
  dropoutShapes(batch: number, context: number): Tree<Shape>
  /**
   * Evaluate tokens that come after those that are kept. Call inside `tf.tidy`; it has no gradient.
   * @param params All weights, and what is kept, by the names of `cacheShapes`.
   * @param inputs `x`, int32 [1, n], the tokens; `read`, int32 [1], how many are kept; `last`, int32 [1], the
   * place among the n of the token whose logits are wanted.
   * @returns `logits` [1, V], those that `logits` gives of the whole row, and by the names of `cacheShapes`
   * keys and values of the n tokens, [1, heads, n, width]: the caller keeps them.
   */
  step(params: Tree<tf.Tensor>, inputs: Tree<tf.Tensor>): Tree<tf.Tensor>
}

/** One residual block: x + attention(norm(x)), then x + feedForward(norm(x)). */
export interface Block {
  readonly attentionNorm: Layer
  readonly attention: Mixer
  readonly feedForwardNorm: Layer
  readonly feedForward: Layer
}

/** A decoder as a description. */
export interface DecoderParts {
  /** Width of the stream, d. */
  readonly dimension: number
  readonly embedding: Embedding
  readonly blocks: readonly Block[]
  readonly norm: Layer
  readonly head: Head
  /** Make the rotations of positions [T, 1] or [B, 1, T, 1]; without it nothing is turned. */
  readonly turn?: (positions: tf.Tensor) => Turn
}

/** What the head reads of a batch. */
function rows(config: CausalConfig, parts: DecoderParts, params: Tree<tf.Tensor>, inputs: Tree<tf.Tensor>) {
  const tokens = leafOf(inputs, 'x', 'batch')
  const [batch, context] = tokens.shape
  if (batch === undefined || context === undefined || tokens.rank !== 2 || context > config.context) {
    throw new RangeError(
      `x: expected token ids [batch, at most context = ${config.context}], found [${tokens.shape.join(', ')}]`,
    )
  }
  const segments = 'segments' in inputs ? inputs['segments'] : undefined
  if (segments !== undefined)
    refuseOtherShape('segments', segments, tokens.shape, 'one document for each token')
  const dropout = dropoutOf(inputs, extentsOf(parts, batch, context))
  const layers = parts.blocks.map(({ attention: { kept } }) => kept.layer)
  const factors = (layer: string): tf.Tensor | undefined => dropout.scores(layers.indexOf(layer))
  return hidden(parts, params, tokens, openWindow(batch, context, segments, factors), dropout)
}

const extentsOf = ({ dimension, blocks }: DecoderParts, batch: number, context: number): DroppedExtents => ({
  batch,
  context,
  dimension,
  heads: blocks.map(({ attention: { heads } }) => heads),
})

/** What the head reads: activations of every position as rows [B · T, d]. */
function hidden(
  parts: DecoderParts,
  params: Tree<tf.Tensor>,
  tokens: tf.Tensor,
  opened: Window,
  dropout: Dropout = noDropout,
): tf.Tensor {
  const window = parts.turn === undefined ? opened : { ...opened, turn: parts.turn(opened.positions) }
  let x = dropout.embedding(parts.embedding.apply(params, tf.reshape(tokens, [-1]), window))
  for (const [i, { attentionNorm, attention, feedForwardNorm, feedForward }] of parts.blocks.entries()) {
    const attended = attention.apply(params, attentionNorm.apply(params, x), window)
    x = tf.add(x, dropout.added(i, 'attention', attended))
    const fed = feedForward.apply(params, feedForwardNorm.apply(params, x))
    x = tf.add(x, dropout.added(i, 'feedForward', fed))
  }
  return parts.norm.apply(params, x)
}

/** The next tokens of a row whose earlier ones are kept; see `DecoderModel.step`. */
function step(
  config: CausalConfig,
  parts: DecoderParts,
  params: Tree<tf.Tensor>,
  inputs: Tree<tf.Tensor>,
): Tree<tf.Tensor> {
  const tokens = leafOf(inputs, 'x', 'inputs')
  const [batch, count] = tokens.shape
  if (batch !== 1 || count === undefined || tokens.rank !== 2 || count > config.context) {
    throw new RangeError(
      `x: expected token ids [1, at most context = ${config.context}], found [${tokens.shape.join(', ')}]`,
    )
  }
  const fresh: Record<string, tf.Tensor> = {}
  const read = tf.cast(leafOf(inputs, 'read', 'inputs'), 'float32')
  const x = hidden(parts, params, tokens, openCachedWindow(count, read, params, fresh))
  // The head is the largest product of small models: only the row that is asked for goes through it.
  const row = tf.gather(x, leafOf(inputs, 'last', 'inputs'))
  return { logits: parts.head.apply(params, row), ...fresh }
}

/**
 * Make the model of a description. Its batches are `{ x, y }`, int32 [B, T] each, and may have `segments`,
 * int32 [B, T]: the document of each token. Tokens then see earlier ones of their document alone.
 */
export function decoder<Config extends CausalConfig>(
  name: string,
  config: Config,
  parts: DecoderParts,
): DecoderModel<Config> {
  const { embedding, blocks, norm, head } = parts
  const table = joined(
    embedding,
    ...blocks.flatMap((block) => [
      block.attentionNorm,
      block.attention,
      block.feedForwardNorm,
      block.feedForward,
    ]),
    norm,
    head,
  )
  return Object.freeze<DecoderModel<Config>>({
    name,
    config,
    shapes: shapesOf(table),
    parameterCount: countOf(table),
    init: (seed) => draw(table, seed),
    logits(params, batch) {
      const tokens = leafOf(batch, 'x', 'batch')
      const logits = head.apply(params, rows(config, parts, params, batch))
      return tf.reshape(logits, [...tokens.shape, config.vocabulary])
    },
    loss(params, batch) {
      const y = leafOf(batch, 'y', 'batch')
      refuseOtherShape('y', y, leafOf(batch, 'x', 'batch').shape)
      const x = rows(config, parts, params, batch)
      return vocabularyLoss(x, leafOf(params, head.weight, 'params'), tf.reshape(y, [-1]))
    },
    cacheShapes: (room) =>
      Object.freeze(
        Object.fromEntries(
          blocks.flatMap(({ attention: { kept } }) => {
            const shape = Object.freeze([kept.heads, room, kept.width])
            const { key, value } = keptNames(kept.layer)
            return [
              [key, shape],
              [value, shape],
            ]
          }),
        ),
      ),
    dropoutShapes: (batch, context) => dropoutShapes(extentsOf(parts, batch, context)),
    step: (params, inputs) => step(config, parts, params, inputs),
    terms: (batch: Batch) => countedTargets(leafOf(batch, 'y', 'batch')),
    ids: Object.freeze({
      x: Object.freeze({ below: config.vocabulary }),
      y: targetRange(config.vocabulary),
    }),
    leastLoss: 0,
  })
}
