// What the door refuses while it is in use: a model that others changed or compiled, a second training.

import { int4 } from '@lotion/formats'
import { ptq, sgd } from '@lotion/optim'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { quantized } from './index.js'
import { batchSize, data, examples, loss, network, once } from '../../test/small-network.js'

tf.env().set('PROD', true)
beforeAll(() => tf.setBackend('cpu'))

describe('what would train without a word is refused', () => {
  const compiled = () => {
    const model = network()
    const q = quantized(model, ptq({ format: int4 }))
    q.compile({ optimizer: 'sgd', loss })
    return { model, q }
  }

  it('a model that others compiled anew', async () => {
    const { model, q } = compiled()
    model.compile({ optimizer: 'adam', loss })
    await expect(q.fit(...data(), once)).rejects.toThrow(
      'found another: the model was compiled by other hands',
    )
    q.compile({ optimizer: 'sgd', loss })
    await q.fit(...data(), once)
    q.dispose()
  })

  it('a second training beside one under way, whose length stays', async () => {
    const q = quantized(network(), ptq({ format: int4 }))
    const lengths: number[] = []
    const learningRate = ({ step, steps }: { step: number; steps: number }): number => {
      lengths.push(steps)
      return 0.01 * (1 - step / steps)
    }
    q.compile({ optimizer: sgd({ learningRate }), loss })
    const first = q.fit(...data(), once)
    await expect(q.fit(...data(), { ...once, epochs: 1 })).rejects.toThrow('found one under way')
    await first
    const perEpoch = Math.ceil(examples / batchSize)
    expect(lengths).toContain(once.epochs * perEpoch)
    expect(lengths).not.toContain(perEpoch)
    q.dispose()
  })

  it('layers that came later', () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] })
    const q = quantized(model, ptq({ format: int4 }))
    model.add(tf.layers.dense({ units: 2 }))
    expect(() => q.compile({ optimizer: 'sgd', loss })).toThrow('call quantized again')
    expect(() => q.cast()).toThrow('call quantized again')
  })

  it('layers that came later into a model inside, also after a step', async () => {
    const { dense } = tf.layers
    const inner = tf.sequential({ name: 'inner', layers: [dense({ units: 3, inputShape: [4] })] })
    const q = quantized(tf.sequential({ layers: [inner, dense({ units: 1 })] }), ptq({ format: int4 }))
    q.compile({ optimizer: 'sgd', loss })
    await q.trainOnBatch(...data())
    inner.add(dense({ units: 3 }))
    await expect(q.trainOnBatch(...data())).rejects.toThrow('call quantized again')
  })

  it('weights are not looked for anew at each batch', async () => {
    const { model, q } = compiled()
    await q.trainOnBatch(...data())
    const asked = vi.spyOn(model.layers[0]!, 'getClassName')
    await q.trainOnBatch(...data())
    expect(asked).not.toHaveBeenCalled()
    q.dispose()
  })

  it('a compile that fails leaves the old one, and no tensors', async () => {
    const { q } = compiled()
    await q.fit(...data(), once)
    const adam = tf.train.adam(0.1)
    const before = tf.memory().numTensors
    expect(() => q.compile({ optimizer: adam, loss: 'meanSqaredError' })).toThrow(/meanSqaredError/)
    expect(tf.memory().numTensors).toBe(before)
    q.dispose()
  })
})
