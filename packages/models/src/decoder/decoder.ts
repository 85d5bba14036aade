// A causal language model put together from parts: an embedding, pre-normalised residual blocks of attention
// and a feed-forward layer, a last normalisation, a head. Comes in: token ids int32 [B, T]. Goes out: logits
// [B, T, V], mean cross-entropy in nats.

import { leafOf, type Batch, type Tree } from '@lotion/core'
import * as tf from '@tensorflow/tfjs-core'
import { countedTargets, refuseOtherShape, targetRange } from '../cross-entropy.js'
import type { Model } from '../model.js'
import { countOf, draw, shapesOf } from '../parameter.js'
import { vocabularyLoss } from '../vocabulary-loss.js'
import type { Embedding } from './embedding.js'
import { joined, type Head, type Layer, type Mixer } from './layer.js'
import { openWindow, type Turn } from './window.js'

/** What every causal language model has in its configuration. */
export interface CausalConfig {
  /** Number of token ids, the last extent of the logits. */
  readonly vocabulary: number
  /** Longest sequence that it takes. */
  readonly context: number
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
  readonly embedding: Embedding
  readonly blocks: readonly Block[]
  readonly norm: Layer
  readonly head: Head
  /** Make the rotations of positions [T, 1] or [B, 1, T, 1]; without it nothing is turned. */
  readonly turn?: (positions: tf.Tensor) => Turn
}

/** What the head reads: activations of every position as rows [B · T, d]. */
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
  const opened = openWindow(batch, context, segments)
  const window = parts.turn === undefined ? opened : { ...opened, turn: parts.turn(opened.positions) }
  let x = parts.embedding.apply(params, tf.reshape(tokens, [batch * context]), window)
  for (const { attentionNorm, attention, feedForwardNorm, feedForward } of parts.blocks) {
    x = tf.add(x, attention.apply(params, attentionNorm.apply(params, x), window))
    x = tf.add(x, feedForward.apply(params, feedForwardNorm.apply(params, x)))
  }
  return parts.norm.apply(params, x)
}

/**
 * Make the model of a description. Its batches are `{ x, y }`, int32 [B, T] each, and may have `segments`,
 * int32 [B, T]: the document of each token. Tokens then see earlier ones of their document alone.
 */
export function decoder<Config extends CausalConfig>(
  name: string,
  config: Config,
  parts: DecoderParts,
): Model<Config> {
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
  return Object.freeze<Model<Config>>({
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
    terms: (batch: Batch) => countedTargets(leafOf(batch, 'y', 'batch')),
    ids: Object.freeze({
      x: Object.freeze({ below: config.vocabulary }),
      y: targetRange(config.vocabulary),
    }),
    leastLoss: 0,
  })
}
