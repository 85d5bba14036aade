// Causal softmax attention, grouped-query when there are fewer key heads than query heads. Comes in: queries
// [B, H, T, D] (already scaled), keys and values [B, K, T, D], H a multiple of K. Goes out: [B, H, T, D].
// Source: Vaswani et al., arXiv 1706.03762; Ainslie et al., arXiv 2305.13245; the backward rule, Dao et al.,
// arXiv 2205.14135.

import * as tf from '@tensorflow/tfjs-core'
import { positions } from './positions.js'
import { withGradient } from './with-gradient.js'

/**
 * Far below any score and far from the f32 limit: e^(score − 1e9 − maximum) is exactly 0, and 0 · −1e9 stays
 * finite.
 */
export const MASKED = -1e9

/** Build the additive mask [T, T] inside the graph: 0 where key position ≤ query position, −1e9 elsewhere. */
export function causalMask(context: number): tf.Tensor {
  const at = positions(context)
  const query = tf.reshape(at, [context, 1])
  const key = tf.reshape(at, [1, context])
  return tf.mul(tf.cast(tf.greater(key, query), 'float32'), MASKED)
}

/**
 * Build the additive mask of documents that share a row: 0 where the key's position ≤ the query's and both
 * are of the same document, −1e9 elsewhere.
 * @param segments The document of each token, int32 [B, T].
 * @returns `mask` [B, T, T] and `earlier` [B, T], how many tokens of its document stand before each token.
 */
export function documentMask(segments: tf.Tensor): { readonly mask: tf.Tensor; readonly earlier: tf.Tensor } {
  const [batch, context] = segments.shape as [number, number]
  const same = tf.equal(tf.reshape(segments, [batch, context, 1]), tf.reshape(segments, [batch, 1, context]))
  const at = positions(context)
  const seen = tf.lessEqual(tf.reshape(at, [1, 1, context]), tf.reshape(at, [1, context, 1]))
  const visible = tf.mul(tf.cast(same, 'float32'), tf.cast(seen, 'float32'))
  return { mask: tf.mul(tf.sub(1, visible), MASKED), earlier: tf.sub(tf.sum(visible, -1), 1) }
}

/**
 * Attend: softmax(q kᵀ + mask) v, mask [T, T] or [B, 1, T, T]. Backward, with P the weights and o the
 * output: ∂S = P · (∂o vᵀ − rowsum(∂o · o)), which spares two passes over [T, T]. With factors F of dropout
 * the weights are P · F, and ∂S = P · (F · ∂o vᵀ − rowsum(∂o · o)).
 * @param factors Of each weight, [B, H, T, T]. Default: none.
 */
export function causalAttention(
  q: tf.Tensor,
  k: tf.Tensor,
  v: tf.Tensor,
  mask: tf.Tensor,
  factors?: tf.Tensor,
): tf.Tensor {
  const [batch, heads, context, dimension] = q.shape as [number, number, number, number]
  const groups = k.shape[1]!
  const queries = heads / groups
  // Query heads that share a key head lie side by side: they become extra rows of one product.
  const rows = [batch, groups, queries * context, dimension]
  const scores = [batch, groups, queries, context, context]
  const stacked = [batch, groups, queries * context, context]
  const ungrouped = queries === 1
  const dropped = (weights: tf.Tensor): tf.Tensor =>
    factors ? tf.mul(weights, ungrouped ? factors : tf.reshape(factors, stacked)) : weights
  const added = ungrouped || mask.rank === 2 ? mask : tf.expandDims(mask, 1)
  const out = withGradient(
    [ungrouped ? q : tf.reshape(q, rows), k, v],
    (query, key, value) => {
      const raw = tf.matMul(query, key, false, true)
      const masked = ungrouped
        ? tf.add(raw, added)
        : tf.reshape(tf.add(tf.reshape(raw, scores), added), stacked)
      const weights = tf.softmax(masked)
      const output = tf.matMul(dropped(weights), value)
      return { value: output, saved: [query, key, value, weights, output] }
    },
    (dy, query, key, value, weights, output) => {
      const through = tf.sub(dropped(tf.matMul(dy, value, false, true)), tf.sum(tf.mul(dy, output), -1, true))
      const slope = tf.mul(weights, through)
      return [
        tf.matMul(slope, key),
        tf.matMul(slope, query, true, false),
        tf.matMul(dropped(weights), dy, true, false),
      ]
    },
  )
  return ungrouped ? out : tf.reshape(out, [batch, heads, context, dimension])
}
