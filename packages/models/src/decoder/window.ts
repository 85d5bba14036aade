// What the layers of one evaluation share. Comes in: the extents of a batch of token ids, and the documents
// that its rows are made of, if they are of several; or the tokens that were read before. Goes out: who may
// look at whom, and where everyone stands.

import { leafOf, type Tree } from '@lotion/core'
import * as tf from '@tensorflow/tfjs-core'
import { attendWithCache } from '../attend-with-cache.js'
import { causalAttention, causalMask, documentMask } from '../causal-attention.js'
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
  /** Positions as float32: [T, 1], or [B, 1, T, 1] where rows hold several documents. */
  readonly positions: tf.Tensor
  /** Whether the positions are 0, 1, … T − 1. */
  readonly fromStart: boolean
  /** What turns queries and keys, of decoders with rotary positions. */
  readonly turn?: Turn
  /** Let the queries of a layer, [B, H, T, D], look at its keys and values, [B, K, T, D]. */
  attend(layer: string, query: tf.Tensor, key: tf.Tensor, value: tf.Tensor): tf.Tensor
}

/**
 * Begin an evaluation. With `segments`, int32 [B, T], tokens of a row see earlier ones of the same number
 * alone, and stand where they would stand if their document were all there is.
 * @param factors Of dropout, [B, H, T, T], of the weights of a layer's attention; undefined without it.
 */
export function openWindow(
  batch: number,
  context: number,
  segments: tf.Tensor | undefined,
  factors: (layer: string) => tf.Tensor | undefined,
): Window {
  if (segments === undefined) {
    const mask = causalMask(context)
    return {
      batch,
      context,
      positions: tf.reshape(positions(context), [context, 1]),
      fromStart: true,
      attend: (layer, query, key, value) => causalAttention(query, key, value, mask, factors(layer)),
    }
  }
  const { mask, earlier } = documentMask(segments)
  const apart = tf.reshape(mask, [batch, 1, context, context])
  return {
    batch,
    context,
    positions: tf.reshape(earlier, [batch, 1, context, 1]),
    fromStart: false,
    attend: (layer, query, key, value) => causalAttention(query, key, value, apart, factors(layer)),
  }
}

/** Names of the keys and values that a layer keeps of tokens that were read. */
export const keptNames = (layer: string): { readonly key: string; readonly value: string } => ({
  key: `cache.${layer}.key`,
  value: `cache.${layer}.value`,
})

/**
 * Go on with one row of tokens after others whose keys and values are kept.
 * @param count How many tokens come.
 * @param read How many were read before, float32 [1].
 * @param cache Keys and values by `keptNames`, [K, R, D] each; rows from `read` on are not looked at.
 * @param fresh Takes keys and values of the tokens that come, [1, K, count, D] each, by the same names.
 */
export function openCachedWindow(
  count: number,
  read: tf.Tensor,
  cache: Tree<tf.Tensor>,
  fresh: Record<string, tf.Tensor>,
): Window {
  const mask = causalMask(count)
  return {
    batch: 1,
    context: count,
    positions: tf.add(tf.reshape(positions(count), [count, 1]), read),
    fromStart: false,
    attend(layer, query, key, value) {
      const names = keptNames(layer)
      fresh[names.key] = key
      fresh[names.value] = value
      const past = { key: leafOf(cache, names.key, 'cache'), value: leafOf(cache, names.value, 'cache') }
      return attendWithCache({ query, key, value, mask, past, read })
    },
  }
}
