// Cross-entropy of a linear head over a large vocabulary without the logits of all rows at once. Comes in:
// rows [N, d], the head's weights [V, d], targets int32 [N]. Goes out: a scalar in nats, as of crossEntropy.
// Source: Hsu et al., "Liger Kernel", arXiv 2410.10989, section 3.2 (fused linear cross-entropy).

import * as tf from '@tensorflow/tfjs-core'
import { crossEntropy, judgedRows, refuseOtherShape, targetWeights } from './cross-entropy.js'
import { withGradient } from './with-gradient.js'

/** Most logits that exist at once, 32 MiB each time they are written down. */
export const MOST_LOGITS = 2 ** 23

/**
 * Average −log softmax(x Wᵀ)[target] over the rows whose target is not −100. Of more than `most` logits it
 * takes the rows in equal pieces of at most so many, and the next piece begins when the last is done: under
 * a tape it adds up ∂L/∂W and lays ∂L/∂x aside as it goes, so that no logits outlive their piece and none are
 * computed twice. Fewer are `crossEntropy` of one product, and the same bits as that.
 * @param rows Activations, float32 [N, d].
 * @param head Weights of the head, float32 [V, d].
 * @param targets Ids in 0 … V − 1, or −100, int32 [N].
 * @param most How many logits may exist at once.
 * @throws RangeError unless there is one target a row.
 */
export function vocabularyLoss(
  rows: tf.Tensor,
  head: tf.Tensor,
  targets: tf.Tensor,
  most: number = MOST_LOGITS,
): tf.Tensor {
  const [count] = rows.shape as [number]
  const [classes] = head.shape as [number]
  if (count * classes <= most) return crossEntropy(tf.matMul(rows, head, false, true), targets)
  refuseOtherShape('targets', targets, [count])
  const length = Math.ceil(count / Math.ceil(count / Math.max(1, Math.floor(most / classes))))
  // Whoever evaluates the loss alone does not pay for gradients.
  const taped = tf.engine().state.gradientDepth > 0
  return withGradient(
    [rows, head],
    (x, weights) => {
      const { weight, count: counted } = targetWeights(targets, classes)
      const share = tf.div(weight, counted)
      const deviations: tf.Tensor[] = []
      const slopes: tf.Tensor[] = []
      let total: tf.Tensor | undefined
      for (let from = 0; from < count; from += length) {
        const size = Math.min(length, count - from)
        const done = [deviations, slopes].flatMap((list) => list.slice(-1)).concat(total ?? [])
        const piece = after(tf.slice(x, [from, 0], [size, -1]), done)
        const scores = tf.matMul(piece, weights, false, true)
        const { probability, chosen, deviation } = judgedRows(scores, tf.slice(targets, [from], [size]))
        deviations.push(deviation)
        if (!taped) continue
        const part = tf.expandDims(tf.slice(share, [from], [size]), -1)
        const slope = tf.mul(tf.sub(probability, chosen), part)
        slopes.push(tf.matMul(slope, weights))
        const added = tf.matMul(slope, piece, true, false)
        total = total === undefined ? added : tf.add(total, added)
      }
      const losses = tf.mul(tf.concat(deviations, 0), weight)
      const value = tf.div(tf.sum(losses), counted)
      return { value, saved: total === undefined ? [] : [tf.concat(slopes, 0), total] }
    },
    (dy, ...saved) => saved.map((slope) => tf.mul(slope, dy)),
  )
}

/**
 * The same numbers, which a compiled graph cannot read before `done` is there: it may otherwise compute the
 * logits of all pieces first.
 */
function after(x: tf.Tensor, done: readonly tf.Tensor[]): tf.Tensor {
  if (done.length === 0) return x
  const first = done.map((tensor) => tf.slice(tf.reshape(tensor, [-1]), [0], [1]))
  return tf.reshape(tf.slice(tf.concat([tf.reshape(x, [-1]), ...first], 0), [0], [x.size]), x.shape)
}
