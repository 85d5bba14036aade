// Rates of a run: before its first step, and of schedules that follow a length which is not known.

import { int4 } from '@lotion/formats'
import { cosine, linear, lotion, qat, sgd, type Schedule } from '@lotion/optim'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { quantized, type QuantizedOptions } from './index.js'
import { data, loss, network, once } from '../../test/small-network.js'

tf.env().set('PROD', true)
beforeAll(() => tf.setBackend('cpu'))

const compiled = (learningRate: number | Schedule, options: QuantizedOptions = {}) => {
  const q = quantized(network(), qat({ format: int4 }), options)
  q.compile({ optimizer: sgd({ learningRate }), loss })
  return q
}

describe('a schedule without a length', () => {
  it('is taken as long as its value is that of any length, and refused at the step from which it is not', async () => {
    const late: Schedule = ({ step, steps }) => (step < 12 ? 0.01 : (0.01 * (steps - step)) / steps)
    const q = compiled(late)
    for (let step = 0; step < 12; step++) await q.trainOnBatch(...data())
    expect(q.learningRate).toBe(0.01)
    await expect(q.trainOnBatch(...data())).rejects.toThrow(/expected the length of the run, .*sgd: rate/)
    q.learningRate = 0.005
    await q.trainOnBatch(...data())
    expect(q.learningRate).toBe(0.005)
    q.dispose()
  })

  it('never sees a length that is no number', async () => {
    const seen: number[] = []
    const q = compiled(({ steps }) => {
      seen.push(steps)
      return 0.01
    })
    await q.trainOnBatch(...data())
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.every(Number.isFinite)).toBe(true)
    q.dispose()
  })
})

describe('rates before the first step are those of step 0', () => {
  it('of our optimizers, as schedules say', () => {
    expect(compiled(cosine(0.02), { steps: 10 }).learningRate).toBe(0.02)
    expect(compiled(0.03).learningRate).toBe(0.03)
    expect(() => compiled(linear(0.02, 0)).learningRate).toThrow(/the length of the run/)
  })

  it('of a method around an optimizer of tfjs, and in the callbacks of a run', async () => {
    const q = quantized(network(), lotion({ format: int4, lambda: linear(3, 0) }))
    q.compile({ optimizer: tf.train.adam(0.01), loss })
    expect(q.learningRate).toBe(0.01)
    const seen: unknown[] = []
    const onTrainBegin = async (): Promise<void> => {
      seen.push(q.lambda)
    }
    await q.fit(...data(), { ...once, epochs: 1, callbacks: { onTrainBegin } })
    expect(seen).toEqual([3])
    q.dispose()
  })
})
