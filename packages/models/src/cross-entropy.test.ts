import * as tf from '@tensorflow/tfjs'
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
})
