// Validation of the weights on the grid, in the history of a run.

import { int3 } from '@lotion/formats'
import { lotion } from '@lotion/optim'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { quantized } from './index.js'
import { data, loss, network, once } from '../../test/small-network.js'

tf.env().set('PROD', true)
beforeAll(() => tf.setBackend('cpu'))

describe('figures of the weights on the grid', () => {
  const compiled = () => {
    const model = network()
    const q = quantized(model, lotion({ format: int3 }))
    q.compile({ optimizer: tf.train.adam(0.01), loss, metrics: ['mae'] })
    return q
  }
  const onTheGrid = (q: ReturnType<typeof compiled>, x: tf.Tensor, y: tf.Tensor) => {
    const small = q.cast()
    return (small.evaluate(x, y) as tf.Scalar[]).map((one) => one.dataSync()[0]!)
  }

  it.each<[string, (q: ReturnType<typeof compiled>) => Promise<[tf.History, tf.Tensor, tf.Tensor]>]>([
    [
      'data of its own',
      async (q) => {
        const [x, y] = data()
        return [await q.fit(x, y, { ...once, validationData: [x, y] }), x, y]
      },
    ],
    [
      'the last part',
      async (q) => {
        const [x, y] = data()
        const history = await q.fit(x, y, { ...once, validationSplit: 0.25 })
        return [history, tf.slice(x, [12, 0]), tf.slice(y, [12, 0])]
      },
    ],
    [
      'a dataset',
      async (q) => {
        const [x, y] = data()
        const batches = tf.data
          .zip({ xs: tf.data.array(x.arraySync()), ys: tf.data.array(y.arraySync()) })
          .batch(16)
        return [await q.fitDataset(batches, { epochs: 3, validationData: batches }), x, y]
      },
    ],
  ])('by %s', async (_, run) => {
    const q = compiled()
    const [{ history }, x, y] = await run(q)
    const last = (name: string): number => Number(history[name]!.at(-1))
    expect(history['val_loss_quantized']).toHaveLength(3)
    const [found, error] = onTheGrid(q, x, y)
    expect(last('val_loss_quantized')).toBeCloseTo(found!, 6)
    expect(last('val_mae_quantized')).toBeCloseTo(error!, 6)
    expect(last('val_loss_quantized')).not.toBeCloseTo(last('val_loss'), 4)
    q.dispose()
  })

  it('early stopping sees them', async () => {
    const q = compiled()
    const [x, y] = data()
    const stopping = tf.callbacks.earlyStopping({ monitor: 'val_loss_quantized', mode: 'max', patience: 1 })
    const { epoch } = await q.fit(x, y, { ...once, epochs: 50, validationData: [x, y], callbacks: stopping })
    expect(epoch.length).toBeLessThan(50)
    q.dispose()
  })

  it('a dataset that can be read once alone is refused', async () => {
    const q = compiled()
    const [x, y] = data()
    const left = [{ xs: x, ys: y }]
    const validationData = tf.data.generator(() => ({
      next: () => {
        const value = left.pop()
        return { value: value!, done: value === undefined }
      },
    }))
    const batches = tf.data.array([{ xs: x, ys: y }])
    await expect(q.fitDataset(batches as never, { epochs: 1, validationData })).rejects.toThrow(
      /expected a dataset that gives the same batches again.* found 1, then 0/,
    )
    q.dispose()
  })

  it('layers that keep a state between batches are refused, by name, with validation alone', async () => {
    const { lstm, dense } = tf.layers
    const model = tf.sequential({
      layers: [
        lstm({ name: 'memory', units: 2, stateful: true, batchInputShape: [2, 3, 1] }),
        dense({ units: 1 }),
      ],
    })
    const q = quantized(model, lotion({ format: int3 }))
    q.compile({ optimizer: 'sgd', loss })
    const [x, y] = [tf.ones([4, 3, 1]), tf.ones([4, 1])]
    const args = { batchSize: 2, epochs: 1, verbose: 0 } as const
    await expect(q.fit(x, y, { ...args, validationData: [x, y] })).rejects.toThrow(/'memory' stateful/)
    await q.fit(x, y, args)
    q.dispose()
  })
})
