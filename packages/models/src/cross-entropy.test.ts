import '@lotion/tfjs/gradients'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { crossEntropy } from './cross-entropy.js'

beforeAll(() => tf.setBackend('cpu'))

const evaluate = (logits: number[][], targets: number[]) =>
  tf.tidy(() => crossEntropy(tf.tensor2d(logits), tf.tensor1d(targets, 'int32')).dataSync()[0]!)

describe('crossEntropy', () => {
  test('is log 2 for a fair coin, the mean over rows', () => {
    expect(evaluate([[3, 3]], [1])).toBeCloseTo(Math.log(2), 6)
    // Masses 3/4 and 1/4.
    const rows = [
      [Math.log(3), 0],
      [Math.log(3), 0],
    ]
    expect(evaluate(rows, [0, 1])).toBeCloseTo((Math.log(4 / 3) + Math.log(4)) / 2, 6)
  })

  test('stays exact where the softmax of the target underflows', () => {
    // e^−500 is 0 in f32; the loss is 500 to the last bit.
    expect(evaluate([[0, 500]], [0])).toBe(500)
    expect(evaluate([[1e4, -1e4]], [0])).toBe(0)
  })

  test.each([[[1]], [[]], [[3, 1]], [[4]], [[1, 3]]])(
    'refuses targets of shape %j for three rows',
    (shape) => {
      const targets = tf.zeros(shape, 'int32')
      expect(() => crossEntropy(tf.zeros([3, 2]), targets)).toThrow(
        `targets: expected the shape [3], one class for each prediction, found [${shape.join(', ')}]`,
      )
    },
  )

  const slopes = (logits: number[][], targets: number[]) =>
    tf.tidy(() => {
      const { value, grad } = tf.valueAndGrad((z: tf.Tensor) =>
        crossEntropy(z, tf.tensor1d(targets, 'int32')).asScalar(),
      )(tf.tensor2d(logits))
      return { loss: value.dataSync()[0]!, slopes: [...grad.dataSync()] }
    })

  test('leaves out targets of −100: value and slopes are those of the other rows', () => {
    const rows = [
      [0.3, -1, 2],
      [5, 1, 0],
      [-0.7, 0.1, 0.2],
    ]
    const counted = slopes([rows[0]!, rows[2]!], [2, 0])
    const all = slopes(rows, [2, -100, 0])
    expect(all.loss).toBe(counted.loss)
    expect(all.slopes.slice(3, 6)).toEqual([0, 0, 0])
    expect([...all.slopes.slice(0, 3), ...all.slopes.slice(6)]).toEqual(counted.slopes)
  })

  test.each([3, -1, -99, 1000])(
    'a target of %i among three classes makes loss and slopes not finite',
    (bad) => {
      const { loss, slopes: found } = slopes(
        [
          [0.3, -1, 2],
          [5, 1, 0],
        ],
        [2, bad],
      )
      expect(Number.isFinite(loss)).toBe(false)
      expect(found.slice(3).some((slope) => Number.isFinite(slope))).toBe(false)
    },
  )

  test('of no counted target is not a number, as in PyTorch', () => {
    expect(evaluate([[1, 2]], [-100])).toBeNaN()
  })
})
