// Mean cross-entropy between logits and class numbers. Comes in: logits [N, C], targets int32 [N]. Goes out:
// a scalar in nats. Source: PyTorch's cross_entropy with ignore_index −100.

import type { HostArray, IdRange } from '@lotion/core'
import * as tf from '@tensorflow/tfjs-core'
import { withGradient } from './with-gradient.js'

/** The target that does not count, as in PyTorch and what is prepared for it. */
export const IGNORED_TARGET = -100

/**
 * What an array of targets may hold, for a program's `ids`.
 * @param classes How many; targets are below it, or −100.
 */
export function targetRange(classes: number): IdRange {
  return Object.freeze({ below: classes, ignore: IGNORED_TARGET })
}

/**
 * Count the targets that count: the terms of the mean.
 * @param targets Class numbers, of any shape.
 */
export function countedTargets({ data }: HostArray): number {
  let count = 0
  for (const target of data) if (target !== IGNORED_TARGET) count++
  return count
}

/**
 * Average −log softmax(z)[target] over the rows whose target is not −100; ∂L/∂z = (softmax(z) −
 * onehot(target)) / count, 0 in ignored rows. With p = softmax(z), log Σ e^z = max z − log max p: one fused
 * softmax and two maxima instead of a chain of passes over [N, C], and safe, since max p ≥ 1 / C. Any other
 * target outside of 0 … C − 1 makes loss and gradient not finite, and so do targets of which none counts:
 * engines refuse both before the step, given the program's `ids`.
 * @param logits Scores before the softmax, float32 [N, C].
 * @param targets Class numbers in 0 … C − 1, or −100, int32 [N].
 * @throws RangeError unless there is one target a row.
 */
export function crossEntropy(logits: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  const [rows, classes] = logits.shape as [number, number]
  // Fewer targets would be broadcast: one target alone would be that of every row.
  refuseOtherShape('targets', targets, [rows])
  return withGradient(
    [logits],
    (scores) => {
      const { probability, chosen, deviation } = judgedRows(scores, targets)
      const { weight, count } = targetWeights(targets, classes)
      const losses = tf.mul(deviation, weight)
      return { value: tf.div(tf.sum(losses), count), saved: [probability, chosen, tf.div(weight, count)] }
    },
    (dy, probability, chosen, share) => [
      tf.mul(tf.sub(probability, chosen), tf.expandDims(tf.mul(share, dy), -1)),
    ],
  )
}

/** Rows of scores [N, C] against targets [N]. */
export interface JudgedRows {
  /** Softmax of the scores [N, C]. */
  readonly probability: tf.Tensor
  /** 1 at the target [N, C]; a row of 0 for a target that is no class. */
  readonly chosen: tf.Tensor
  /** −log probability of the target [N]. */
  readonly deviation: tf.Tensor
}

/** Compute softmax, one-hot targets and −log softmax(z)[target] of rows. */
export function judgedRows(scores: tf.Tensor, targets: tf.Tensor): JudgedRows {
  const probability = tf.softmax(scores)
  // tfjs wasm 4.22 writes integer bits into a float one-hot: cast an integer one instead.
  const chosen = tf.cast(tf.oneHot(targets, scores.shape[1]!, 1, 0, 'int32'), 'float32')
  const normaliser = tf.sub(tf.max(scores, -1), tf.log(tf.max(probability, -1)))
  return { probability, chosen, deviation: tf.sub(normaliser, tf.sum(tf.mul(scores, chosen), -1)) }
}

/**
 * Weigh targets [N]: 1 each, 0 where they are −100, not finite where they are no class; and count what
 * counts.
 */
export function targetWeights(
  targets: tf.Tensor,
  classes: number,
): { readonly weight: tf.Tensor; readonly count: tf.Tensor } {
  const counted = tf.cast(tf.notEqual(targets, tf.scalar(IGNORED_TARGET, 'int32')), 'float32')
  // 1 where there is such a class, 0 where not: a division by 0 says so, as nothing else does.
  const present = tf.logicalAnd(
    tf.greaterEqual(targets, tf.scalar(0, 'int32')),
    tf.less(targets, tf.scalar(classes, 'int32')),
  )
  const known = tf.sub(tf.add(tf.cast(present, 'float32'), 1), counted)
  return { weight: tf.div(counted, known), count: tf.sum(counted) }
}

/** @throws RangeError naming the array of the batch, unless it has exactly the shape. */
export function refuseOtherShape(
  name: string,
  found: tf.Tensor,
  expected: readonly number[],
  what = 'one class for each prediction',
): void {
  if (found.shape.length === expected.length && found.shape.every((extent, i) => extent === expected[i]))
    return
  throw new RangeError(
    `${name}: expected the shape [${expected.join(', ')}], ${what}, found [${found.shape.join(', ')}]`,
  )
}
