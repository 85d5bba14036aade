// A step that is left out leaves everything as it was, moving averages too.

import { int4 } from '@lotion/formats'
import { qat } from '@lotion/optim'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import { quantized, type QuantizedOptions } from './index.js'
import { loss, valuesOf } from '../../test/small-network.js'

tf.env().set('PROD', true)
beforeAll(() => tf.setBackend('cpu'))

const good = (): [tf.Tensor, tf.Tensor] => [tf.tensor2d([1, 2, 3, 4, 5, 7], [3, 2]), tf.ones([3, 1])]
const bad = (): [tf.Tensor, tf.Tensor] => [tf.tensor2d([1, 2, Number.NaN, 4, 5, 7], [3, 2]), tf.ones([3, 1])]

const compiled = (options: QuantizedOptions) => {
  const { batchNormalization, dense } = tf.layers
  const model = tf.sequential({
    layers: [batchNormalization({ inputShape: [2] }), dense({ units: 1 })],
  })
  const q = quantized(model, qat({ format: int4 }), options)
  q.compile({ optimizer: tf.train.sgd(0.1), loss })
  return { model, q }
}

it.each(['skip', 'refuse'] as const)("'%s': weights and averages stay", async (nonFinite) => {
  const { model, q } = compiled({ nonFinite })
  const start = valuesOf(model)
  await q.trainOnBatch(...good())
  const [before, [x, y]] = [valuesOf(model), bad()]
  expect(before[2]).not.toEqual(start[2])
  const { numTensors } = tf.memory()
  if (nonFinite === 'skip') await q.trainOnBatch(x, y)
  else await expect(q.trainOnBatch(x, y)).rejects.toThrow(/finite/)
  expect(valuesOf(model)).toEqual(before)
  if (nonFinite === 'skip') expect(tf.memory().numTensors).toBe(numTensors)
  await q.trainOnBatch(...good())
  expect(valuesOf(model).flat().every(Number.isFinite)).toBe(true)
  q.dispose()
})
