// The operations of the lane language as operations of tfjs, one node at a time. Comes in: operand tensors.
// Goes out: a tensor, equal to the f32 twin wherever the backend's + − × ÷ √ round as IEEE 754 says.
// Source: docs/design/09-tfjs.md.

import type { BinaryOp, UnaryOp } from '@lotion/core'
import type * as tfjs from '@tensorflow/tfjs-core'

type Tf = typeof tfjs
type Tensor = tfjs.Tensor

/** Meaning of the nodes that are neither inputs nor reductions. */
export interface NodeOperations {
  readonly unary: Readonly<Record<UnaryOp, (a: Tensor) => Tensor>>
  readonly binary: Readonly<Record<BinaryOp, (a: Tensor, b: Tensor) => Tensor>>
  less(a: Tensor, b: Tensor, yes: Tensor, no: Tensor): Tensor
}

/** Take the operations from an instance of tfjs. */
export function nodeOperations(tf: Tf): NodeOperations {
  // tf.minimum, tf.maximum and their kin differ between backends for NaN and −0; comparing and choosing do
  // not.
  const less: NodeOperations['less'] = (a, b, yes, no) => tf.where(tf.less(a, b), yes, no)
  return {
    unary: { abs: tf.abs, sqrt: tf.sqrt, floor: tf.floor, binade: (x) => binade(tf, x) },
    binary: {
      add: tf.add,
      sub: tf.sub,
      mul: tf.mul,
      div: tf.div,
      min: (a, b) => less(b, a, b, a),
      max: (a, b) => less(a, b, b, a),
    },
    less,
  }
}

/**
 * Largest power of two ≤ |x| without access to bits. q = (2²³ + 1)·|x| rounds to a number whose distance to
 * the next is the binade of x, and q − (1 − 2⁻²⁴)·q is that distance. Exact for every f32, subnormals
 * included; numbers for which q would overflow are scaled first. Source: S. M. Rump, "Error estimation of
 * floating-point summation and dot product", BIT 52 (2012), "unit in the first place"; every float of 32 bits
 * was compared with core's `binade`.
 */
function binade(tf: Tf, x: Tensor): Tensor {
  const size = tf.abs(x)
  const small = tf.less(size, 2 ** 64)
  const q = tf.mul(tf.where(small, size, tf.mul(size, 2 ** -64)), 2 ** 23 + 1)
  const distance = tf.sub(q, tf.mul(q, 1 - 2 ** -24))
  // Scaled back by a product: devices do not divide exactly, not even by powers of two.
  const found = tf.where(small, distance, tf.mul(distance, 2 ** 64))
  return tf.where(tf.less(size, Number.POSITIVE_INFINITY), found, size)
}
