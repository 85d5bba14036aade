// A small model of layers and its data, the same each time. Comes in: nothing. Goes out: for tests.

import { normals } from '@lotion/core'
import * as tf from '@tensorflow/tfjs'

/** Examples: 16 in batches of 10 are one of 10 and one of 6. */
export const [examples, batchSize] = [16, 10]
export const inputs = normals({ seed: 1, stream: 'x' }, examples * 4)
export const targets = Float32Array.from({ length: examples }, (_, i) =>
  Math.tanh(inputs[4 * i]! - inputs[4 * i + 1]!),
)
export const data = (): [tf.Tensor2D, tf.Tensor2D] => [
  tf.tensor2d(inputs, [examples, 4]),
  tf.tensor2d(targets, [examples, 1]),
]
export const once = { batchSize, epochs: 3, shuffle: false, verbose: 0 } as const

/** 4 → 8 → 1, the same weights each time. */
export function network(): tf.Sequential {
  const { dense } = tf.layers
  const model = tf.sequential({
    layers: [
      dense({ name: 'first', units: 8, inputShape: [4], activation: 'tanh' }),
      dense({ name: 'last', units: 1 }),
    ],
  })
  for (const [i, weight] of model.weights.entries()) {
    const shape = weight.shape as number[]
    const count = shape.reduce((product, extent) => product * extent, 1)
    weight.write(tf.tensor(normals({ seed: 2, stream: 'w', step: i }, count), shape))
  }
  return model
}

export const loss = 'meanSquaredError'
export const valuesOf = (model: tf.LayersModel): readonly (readonly number[])[] =>
  model.weights.map((weight) => [...weight.read().dataSync()])
