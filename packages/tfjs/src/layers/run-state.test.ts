// A run that is written down and gone on with in a model built anew: the same bits as undisturbed.

import { blockOf } from '@lotion/core'
import { int3, int4, mseClip, withBlock, withScale } from '@lotion/formats'
import { adamw, cage, linear, lotion, ptq, rat, sgd as sgdOfOurs, type Method } from '@lotion/optim'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { quantized, type QuantizedCompile } from './index.js'
import { data, loss, network, once, valuesOf } from '../../test/small-network.js'

tf.env().set('PROD', true)
beforeAll(() => tf.setBackend('cpu'))

type Optimizer = QuantizedCompile<tf.LayersModel>['optimizer']

const begun = (method: Method, optimizer: Optimizer) => {
  const model = network()
  const q = quantized(model, method, { seed: 3 })
  q.compile({ optimizer, loss })
  return { model, q }
}
const epochs = 4
const [x, y] = data()
const train = async ({ q }: ReturnType<typeof begun>, from: number, to: number): Promise<void> => {
  // The length of the whole run stands in the first part of it too.
  const stops = { onEpochEnd: async (epoch: number) => void (q.model.stopTraining = epoch + 1 === to) }
  await q.fit(x, y, { ...once, initialEpoch: from, epochs, callbacks: stops })
}

const { adam, adagrad, momentum, rmsprop, sgd } = tf.train
const ours = (): Optimizer => adamw({ learningRate: linear(0.02, 0) })
const pull = lotion({ format: int3, lambda: linear(0, 3) })
const [plain, draws, late] = [
  ptq({ format: int4 }),
  rat({ format: int3 }),
  cage({ format: int3, silence: 0 }),
]

it.each<[around: string, method: Method, make: () => Optimizer]>([
  ['ptq around adam', plain, () => adam(0.02)],
  ['ptq around adagrad', plain, () => adagrad(0.02)],
  ['ptq around rmsprop', plain, () => rmsprop(0.02, 0.9, 0.5)],
  ['ptq around sgd', plain, () => sgd(0.02)],
  ['lotion around adam', pull, () => adam(0.02)],
  ['lotion around adamw of @lotion/optim', pull, ours],
  ["rat around 'adam'", draws, () => 'adam'],
  ['rat around adamw of @lotion/optim', draws, ours],
  ['cage around momentum', late, () => momentum(0.02, 0.9)],
])('%s goes on bit for bit', async (_, method, make) => {
  const whole = begun(method, make())
  await train(whole, 0, epochs)
  const first = begun(method, make())
  await train(first, 0, 2)
  const bytes = await first.q.state()
  const second = begun(method, make())
  for (const weight of second.model.weights) weight.write(tf.zerosLike(weight.read()))
  await second.q.restore(bytes)
  expect(valuesOf(second.model)).toEqual(valuesOf(first.model))
  // Written down again before a step, it is all there.
  const third = begun(method, make())
  await third.q.restore(await second.q.state())
  for (const one of [second, third]) {
    await train(one, 2, epochs)
    expect(valuesOf(one.model)).toEqual(valuesOf(whole.model))
    expect(valuesOf(one.model)).not.toEqual(valuesOf(first.model))
  }
  for (const { q } of [whole, first, second, third]) q.dispose()
})

it('rates that were set stay set; no tensor is left', async () => {
  const first = begun(lotion({ format: int4 }), adam(0.02))
  ;[first.q.learningRate, first.q.lambda] = [0.005, 7]
  await train(first, 0, 1)
  const { numTensors } = tf.memory()
  const bytes = await first.q.state()
  expect(tf.memory().numTensors).toBe(numTensors)
  const second = begun(lotion({ format: int4 }), adam(0.02))
  await second.q.restore(bytes)
  expect([second.q.learningRate, second.q.lambda]).toEqual([0.005, 7])
  await train(second, 1, 2)
  const after = tf.memory().numTensors
  await train(second, 2, 3)
  expect(tf.memory().numTensors).toBe(after)
})

it('skipped steps count', async () => {
  const method = lotion({ format: int4 })
  const make = () => {
    const q = quantized(network(), method, { nonFinite: 'skip', steps: 3 })
    q.compile({ optimizer: adamw({ learningRate: linear(0.02, 0) }), loss })
    return q
  }
  const first = make()
  await first.trainOnBatch(tf.mul(x, Number.NaN), y)
  await first.trainOnBatch(x, y)
  const second = make()
  await second.restore(await first.state())
  for (const q of [first, second]) {
    await q.trainOnBatch(x, y)
    await expect(q.trainOnBatch(x, y)).rejects.toThrow(/at most 3 as planned/)
  }
  expect(valuesOf(second.model)).toEqual(valuesOf(first.model))
})

describe('is refused', () => {
  it('a model whose layers have other names', async () => {
    const unnamed = () => {
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] })
      const q = quantized(model, ptq({ format: int4 }))
      q.compile({ optimizer: 'sgd', loss })
      return q
    }
    const bytes = await unnamed().state()
    await expect(unnamed().restore(bytes)).rejects.toThrow(/not there.*give the layers names/)
  })

  it('a run of another method, format, optimizer; no run; a run under way', async () => {
    const first = begun(ptq({ format: int4 }), adam(0.02))
    await train(first, 0, 1)
    const bytes = await first.q.state()
    const into = async (method: Method, optimizer: Optimizer, given = bytes): Promise<void> =>
      begun(method, optimizer).q.restore(given)
    await expect(into(rat({ format: int4 }), adam(0.02))).rejects.toThrow(/'method' was ptq and is rat/)
    await expect(into(ptq({ format: int3 }), adam(0.02))).rejects.toThrow(
      /'first\/kernel' was \[4, 8\] int4, block 32 along 0 and is \[4, 8\] int3, block 32 along 0/,
    )
    const own = begun(lotion({ format: int4 }), adamw({ learningRate: 0.02 }))
    await train(own, 0, 1)
    await expect(
      begun(lotion({ format: int4 }), sgdOfOurs({ learningRate: 0.02 })).q.restore(await own.q.state()),
    ).rejects.toThrow(/'optimizer' was adamw and is sgd/)
    for (const format of [withScale(int4, mseClip()), withBlock(int4, blockOf(2))])
      await expect(into(ptq({ format }), adam(0.02))).rejects.toThrow(/int4(?::mse-clip|, block 2)/)
    await expect(into(ptq({ format: int4 }), sgd(0.02))).rejects.toThrow(/'optimizer' was Adam and is SGD/)
    await expect(into(ptq({ format: int4 }), adam(0.02), new Uint8Array(9))).rejects.toThrow(/bytes of a run/)
    await expect(first.q.restore(bytes)).rejects.toThrow(/has not been trained/)
  })
})
