// Self-attention with heads as a mixer of positions. Comes in: layers that make queries, keys and values of
// rows, and one that merges the heads. Goes out: a part. Keys may be fewer than queries (grouped-query).

import type { Tree } from '@lotion/core'
import * as tf from '@tensorflow/tfjs-core'
import { rotate } from '../rotary.js'
import { joined, type Layer, type Mixer } from './layer.js'
import { linear } from './linear.js'
import { rmsNormLayer } from './norms.js'
import type { Window } from './window.js'

/** Extents of attention. */
export interface Heads {
  readonly dimension: number
  readonly heads: number
  readonly kvHeads: number
  readonly headDimension: number
}

/** Rows [B · T, count · D] as heads [B, count, T, D], each normalised by `norm` if there is one. */
function split(
  rows: tf.Tensor,
  count: number,
  { batch, context }: Window,
  norm?: (x: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const apart = tf.reshape(rows, [batch, context, count, rows.shape[1]! / count])
  return tf.transpose(norm === undefined ? apart : norm(apart), [0, 2, 1, 3])
}

/** The reverse of `split`. */
function merge(heads: tf.Tensor, { batch, context }: Window): tf.Tensor {
  const [, count, , width] = heads.shape as [number, number, number, number]
  return tf.reshape(tf.transpose(heads, [0, 2, 1, 3]), [batch * context, count * width])
}

/** What attention with projections of their own is made of. */
export interface AttentionOptions extends Heads {
  /** Whether queries, keys and values get biases. */
  readonly qkvBias: boolean
  readonly outputBias: boolean
  /** ε of the normalisation of each query's and key's head, with gains [D]; none if undefined. */
  readonly qkNorm: number | undefined
  /** Factor on the initial weights of `o_proj`. */
  readonly gain: number
}

/** Attend with the parameters `q_proj`, `k_proj`, `v_proj`, `o_proj`, and turned queries and keys. */
export function rotaryAttention(at: string, options: AttentionOptions): Mixer {
  const { dimension, heads, kvHeads, headDimension, qkvBias, outputBias, qkNorm, gain } = options
  const project = (name: string, count: number) =>
    linear(`${at}.${name}`, { inputs: dimension, outputs: count * headDimension, bias: qkvBias })
  const [query, key, value] = [
    project('q_proj', heads),
    project('k_proj', kvHeads),
    project('v_proj', kvHeads),
  ]
  const output = linear(`${at}.o_proj`, {
    inputs: heads * headDimension,
    outputs: dimension,
    bias: outputBias,
    gain,
  })
  const norm = (name: string): Layer | undefined =>
    qkNorm === undefined ? undefined : rmsNormLayer(`${at}.${name}`, headDimension, qkNorm)
  const [queryNorm, keyNorm] = [norm('q_norm'), norm('k_norm')]
  const by = (layer: Layer | undefined, params: Tree<tf.Tensor>) =>
    layer && ((x: tf.Tensor) => layer.apply(params, x))
  return {
    parameters: joined(
      query,
      key,
      value,
      output,
      ...(queryNorm ? [queryNorm] : []),
      ...(keyNorm ? [keyNorm] : []),
    ),
    kept: { layer: at, heads: kvHeads, width: headDimension },
    heads,
    apply(params, x, window) {
      const { turn } = window
      if (turn === undefined) throw new TypeError(`${at}: expected a decoder with rotary positions`)
      const q = rotate(split(query.apply(params, x), heads, window, by(queryNorm, params)), turn.query)
      const k = rotate(split(key.apply(params, x), kvHeads, window, by(keyNorm, params)), turn.key)
      const out = window.attend(at, q, k, split(value.apply(params, x), kvHeads, window))
      return output.apply(params, merge(out, window))
    },
  }
}

/** Attend with queries, keys and values of one product, `c_attn`, and `c_proj`, without turning. */
export function fusedAttention(
  at: string,
  {
    dimension,
    heads,
    bias,
    gain,
  }: Pick<Heads, 'dimension' | 'heads'> & { readonly bias: boolean; readonly gain: number },
): Mixer {
  const fused = linear(`${at}.c_attn`, { inputs: dimension, outputs: 3 * dimension, bias })
  const output = linear(`${at}.c_proj`, { inputs: dimension, outputs: dimension, bias, gain })
  const scale = 1 / Math.sqrt(dimension / heads)
  return {
    parameters: joined(fused, output),
    kept: { layer: at, heads, width: dimension / heads },
    heads,
    apply(params, x, window) {
      const [q, k, v] = tf.split(fused.apply(params, x), 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor]
      const [query, key, value] = [tf.mul(q, scale), k, v].map((rows) => split(rows, heads, window))
      return output.apply(params, merge(window.attend(at, query!, key!, value!), window))
    },
  }
}
