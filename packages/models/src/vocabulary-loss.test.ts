// The loss of a head in pieces is the loss of its whole product: values, gradients, what is refused.

import '@lotion/tfjs/gradients'
import '@tensorflow/tfjs-backend-cpu'
import { normals } from '@lotion/core'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { crossEntropy } from './cross-entropy.js'
import { MOST_LOGITS, vocabularyLoss } from './vocabulary-loss.js'

beforeAll(() => tf.setBackend('cpu'))

const [N, D, V] = [10, 6, 17]
const rows = normals({ seed: 1, stream: 'rows' }, N * D)
const head = normals({ seed: 1, stream: 'head' }, V * D)
const targets = [3, 0, 16, -100, 5, 5, -100, 1, 9, 2]

interface Found {
  readonly loss: number
  readonly rows: Float32Array
  readonly head: Float32Array
}

/** Loss and gradients of `factor` times a loss. */
function evaluate(
  loss: (x: tf.Tensor, weights: tf.Tensor, y: tf.Tensor) => tf.Tensor,
  { factor = 1, y = targets } = {},
): Found {
  return tf.tidy(() => {
    const { value, grads } = tf.valueAndGrads((x: tf.Tensor, weights: tf.Tensor) =>
      tf.mul(loss(x, weights, tf.tensor1d(y, 'int32')), factor).asScalar(),
    )([tf.tensor2d(rows, [N, D]), tf.tensor2d(head, [V, D])])
    return {
      loss: value.dataSync()[0]!,
      rows: grads[0]!.dataSync<'float32'>(),
      head: grads[1]!.dataSync<'float32'>(),
    }
  })
}

const whole = (x: tf.Tensor, weights: tf.Tensor, y: tf.Tensor) =>
  crossEntropy(tf.matMul(x, weights, false, true), y)
const pieces = (most: number) => (x: tf.Tensor, weights: tf.Tensor, y: tf.Tensor) =>
  vocabularyLoss(x, weights, y, most)

/** The same by its definition, in f64. */
function exact(y: readonly number[]): Found {
  const found = { loss: 0, rows: new Float64Array(N * D), head: new Float64Array(V * D) }
  const count = y.filter((target) => target >= 0).length
  y.forEach((target, n) => {
    if (target < 0) return
    const scores = Array.from({ length: V }, (_, v) => {
      let sum = 0
      for (let d = 0; d < D; d++) sum += rows[n * D + d]! * head[v * D + d]!
      return sum
    })
    const normaliser = Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0))
    found.loss += (normaliser - scores[target]!) / count
    scores.forEach((score, v) => {
      const slope = (Math.exp(score - normaliser) - (v === target ? 1 : 0)) / count
      for (let d = 0; d < D; d++) {
        found.rows[n * D + d]! += slope * head[v * D + d]!
        found.head[v * D + d]! += slope * rows[n * D + d]!
      }
    })
  })
  return { loss: found.loss, rows: Float32Array.from(found.rows), head: Float32Array.from(found.head) }
}

const farthest = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)

describe('vocabularyLoss', () => {
  // Pieces of 1, 2, 3 + 3 + 3 + 1, 4 + 4 + 2 and 5 rows; the first also where not one row fits.
  it.each([1, V, 2 * V, 3 * V, 4 * V + 1, 5 * V])('of at most %i logits is that of all at once', (most) => {
    const [found, expected] = [evaluate(pieces(most)), evaluate(whole)]
    // Row by row the same operations in the same order.
    expect(found.loss).toBe(expected.loss)
    expect(found.rows).toEqual(expected.rows)
    // The head's gradient adds up pieces: f32 in another order, sums of 10 terms below 1.
    expect(farthest(found.head, expected.head)).toBeLessThan(1e-7)
  })

  it.each([
    ['in pieces', pieces(3 * V)],
    ['at once', pieces(MOST_LOGITS)],
  ])('%s is that of the definition in f64', (_, loss) => {
    const [found, expected] = [evaluate(loss), exact(targets)]
    expect(Math.abs(found.loss - expected.loss)).toBeLessThan(1e-6)
    expect(farthest(found.rows, expected.rows)).toBeLessThan(5e-7)
    expect(farthest(found.head, expected.head)).toBeLessThan(5e-7)
  })

  it('passes on the slope of what is made of it', () => {
    const [once, twice] = [evaluate(pieces(3 * V)), evaluate(pieces(3 * V), { factor: 2 })]
    expect(twice.loss).toBe(2 * once.loss)
    expect(twice.rows).toEqual(once.rows.map((slope) => 2 * slope))
    expect(twice.head).toEqual(once.head.map((slope) => 2 * slope))
  })

  it('without a tape is the same loss, of one product a piece', async () => {
    const { kernels, result } = await tf.profile(() =>
      pieces(3 * V)(tf.tensor2d(rows, [N, D]), tf.tensor2d(head, [V, D]), tf.tensor1d(targets, 'int32')),
    )
    expect((result as tf.Tensor).dataSync()[0]).toBe(evaluate(pieces(3 * V)).loss)
    expect(kernels.filter(({ name }) => name === 'BatchMatMul')).toHaveLength(4)
  })

  it.each([V, -1, -99])('a target of %i makes loss and slopes not finite', (bad) => {
    const found = evaluate(pieces(3 * V), { y: [...targets.slice(0, -1), bad] })
    expect(Number.isFinite(found.loss)).toBe(false)
    expect(found.rows.slice(-D).some((slope) => Number.isFinite(slope))).toBe(false)
  })

  it('refuses targets of another number', () => {
    expect(() => evaluate(pieces(3 * V), { y: [1, 2] })).toThrow(
      'targets: expected the shape [10], one class for each prediction, found [2]',
    )
  })
})
