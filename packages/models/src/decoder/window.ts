// What the layers of one evaluation share. Comes in: the extents of a batch of token ids, and the documents
// that its rows are made of, if they are of several. Goes out: who may look at whom, and where everyone
// stands.

import * as tf from '@tensorflow/tfjs-core'
import { causalMask, documentMask } from '../causal-attention.js'
import { positions } from '../positions.js'
import type { RotaryTable } from '../rotary.js'

/** Rotations of queries, already scaled by 1/√D, and of keys. */
export interface Turn {
  readonly query: RotaryTable
  readonly key: RotaryTable
}

/** One evaluation: B rows of T tokens. */
export interface Window {
  readonly batch: number
  readonly context: number
  /** Added to scores: [T, T], or [B, 1, T, T] where rows hold several documents. */
  readonly mask: tf.Tensor
  /** Positions from 0 on as float32: [T, 1], or [B, 1, T, 1] where rows hold several documents. */
  readonly positions: tf.Tensor
  /** What turns queries and keys, of decoders with rotary positions. */
  readonly turn?: Turn
}

/**
 * Begin an evaluation. With `segments`, int32 [B, T], tokens of a row see earlier ones of the same number
 * alone, and stand where they would stand if their document were all there is.
 */
export function openWindow(batch: number, context: number, segments?: tf.Tensor): Window {
  if (segments === undefined) {
    return {
      batch,
      context,
      mask: causalMask(context),
      positions: tf.reshape(positions(context), [context, 1]),
    }
  }
  const { mask, earlier } = documentMask(segments)
  return {
    batch,
    context,
    mask: tf.reshape(mask, [batch, 1, context, context]),
    positions: tf.reshape(earlier, [batch, 1, context, 1]),
  }
}
