// Attention of tokens to those before them, whose keys and values are kept, and to each other. Comes in:
// queries [1, H, n, D] (already scaled), keys and values [1, K, n, D] of the same tokens, those kept
// [K, R, D]. Goes out: [1, H, n, D].
// Source: causal-attention.ts, of which it computes the last n rows. What is kept is read where it lies: only
// scores are joined, so a token costs no copy of the cache.

import * as tf from '@tensorflow/tfjs-core'
import { MASKED } from './causal-attention.js'
import { positions } from './positions.js'

/** What looks, and what is looked at. */
export interface CachedAttention {
  readonly query: tf.Tensor
  readonly key: tf.Tensor
  readonly value: tf.Tensor
  /** Among the tokens themselves, [n, n]. */
  readonly mask: tf.Tensor
  readonly past: { readonly key: tf.Tensor; readonly value: tf.Tensor }
  /** How many rows of the past are there, float32 [1]; the rest is not looked at. */
  readonly read: tf.Tensor
}

/** Attend: softmax([q Kᵀ where there is a row, q kᵀ + mask]) [V, v]. Without a gradient. */
export function attendWithCache({ query, key, value, mask, past, read }: CachedAttention): tf.Tensor {
  const [, heads, count, width] = query.shape as [number, number, number, number]
  const [groups, rows] = past.key.shape as [number, number, number]
  const queries = heads / groups
  const stacked = tf.reshape(query, [1, groups, queries * count, width])
  const kept = (tensor: tf.Tensor): tf.Tensor => tf.reshape(tensor, [1, groups, rows, width])
  const absent = tf.greaterEqual(tf.reshape(positions(rows), [1, rows]), read)
  const earlier = tf.add(
    tf.matMul(stacked, kept(past.key), false, true),
    tf.mul(tf.cast(absent, 'float32'), MASKED),
  )
  const among = tf.add(
    tf.reshape(tf.matMul(stacked, key, false, true), [1, groups, queries, count, count]),
    mask,
  )
  const weights = tf.softmax(tf.concat([earlier, tf.reshape(among, [1, groups, queries * count, count])], -1))
  const [old, own] = tf.split(weights, [rows, count], -1) as [tf.Tensor, tf.Tensor]
  const out = tf.add(tf.matMul(old, kept(past.value)), tf.matMul(own, value))
  return tf.reshape(out, [1, heads, count, width])
}
