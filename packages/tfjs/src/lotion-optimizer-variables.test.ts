// What is frozen stays, what joins begins anew, and each batch has its own number of terms.

import { normals, perRow } from '@lotion/core'
import { int3, withBlock } from '@lotion/formats'
import { adamw, createUpdater, lotion, ptq, withMethod } from '@lotion/optim'
import type { Method, QuantizeRule } from '@lotion/optim'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { tfjsExecutor } from './executor/tfjs-executor.js'
import { lotionOptimizer, type LotionOptimizerOptions } from './lotion-optimizer.js'

tf.env().set('PROD', true)

const format = withBlock(int3, perRow)
const quantize: QuantizeRule = ({ shape }) => (shape.length === 2 ? { axis: 0 } : null)
const rule = adamw({ learningRate: 0.05, weightDecay: 0.01 })

const compileOf =
  (method: Method): LotionOptimizerOptions['compile'] =>
  (shapes) =>
    createUpdater({ transformation: withMethod(method, rule, quantize), shapes, executor: tfjsExecutor() })

const dataOf = (step: number): Float32Array => normals({ seed: 2, stream: 'x', step }, 32)

describe('variables', () => {
  beforeAll(() => tf.setBackend('cpu'))

  it('that are frozen do not move, nor do their slots; one that joins begins anew', async () => {
    const [a, b] = [
      tf.variable(tf.ones([2, 2]), true, 'joins a'),
      tf.variable(tf.ones([2, 2]), true, 'joins b'),
    ]
    const told: (readonly string[])[] = []
    const optimizer = lotionOptimizer({
      compile: compileOf(lotion({ format })),
      steps: 9,
      onVariables: (quantized) => void told.push(Object.keys(quantized)),
    })
    const step = (list: tf.Variable[]): unknown =>
      optimizer.minimize(
        () =>
          tf
            .addN(list.map((v) => v.square().sub(v.sum()).square()))
            .mean()
            .asScalar(),
        false,
        list,
      )
    const slotsOf = async (name: string): Promise<unknown> =>
      (await optimizer.getWeights())
        .filter((weight) => weight.name.startsWith(`${name}:`) && !weight.name.endsWith(':missed'))
        .map(({ tensor }) => [...tensor.dataSync()])
    for (let i = 0; i < 3; i++) step([a])
    const [kept, slots] = [[...a.dataSync()], await slotsOf('joins a')]
    // `a` is frozen, `b` joins: its first update is that of a run of its own at the same (constant) rate.
    step([b])
    expect([...a.dataSync()]).toEqual(kept)
    expect(await slotsOf('joins a')).toEqual(slots)
    const alone = tf.variable(tf.ones([2, 2]), true, 'joins alone')
    const other = lotionOptimizer({ compile: compileOf(lotion({ format })), steps: 9 })
    other.minimize(() => alone.square().sub(alone.sum()).square().mean().asScalar(), false, [alone])
    expect([...b.dataSync()]).toEqual([...alone.dataSync()])
    // A variable of the list that the loss does not touch stays, too.
    const still = [...b.dataSync()]
    optimizer.minimize(() => a.square().mean().asScalar(), false, [a, b])
    expect([...b.dataSync()]).toEqual(still)
    expect([...a.dataSync()]).not.toEqual(kept)
    expect(told).toEqual([['joins a'], ['joins b']])
    optimizer.dispose()
    other.dispose()
    tf.dispose([a, b, alone])
  })

  it('of a frozen layer stay as they are', async () => {
    const layers = [
      tf.layers.dense({ units: 3, inputShape: [4], activation: 'tanh' }),
      tf.layers.dense({ units: 1 }),
    ]
    const model = tf.sequential({ layers })
    const optimizer = lotionOptimizer({ compile: compileOf(lotion({ format })), steps: 20 })
    const [x, y] = [tf.tensor2d(dataOf(0), [8, 4]), tf.ones([8, 1])]
    model.compile({ optimizer, loss: 'meanSquaredError' })
    for (let i = 0; i < 3; i++) await model.trainOnBatch(x, y)
    layers[0]!.trainable = false
    model.compile({ optimizer, loss: 'meanSquaredError' })
    const frozen = layers[0]!.getWeights().map((w) => [...w.dataSync()])
    const moving = [...layers[1]!.getWeights()[0]!.dataSync()]
    for (let i = 0; i < 5; i++) await model.trainOnBatch(x, y)
    expect(layers[0]!.getWeights().map((w) => [...w.dataSync()])).toEqual(frozen)
    expect([...layers[1]!.getWeights()[0]!.dataSync()]).not.toEqual(moving)
    layers[0]!.trainable = true
    model.compile({ optimizer, loss: 'meanSquaredError' })
    await model.trainOnBatch(x, y)
    expect(layers[0]!.getWeights().map((w) => [...w.dataSync()])).not.toEqual(frozen)
    optimizer.dispose()
    model.dispose()
    tf.dispose([x, y])
  })
})

describe('terms', () => {
  beforeAll(() => tf.setBackend('cpu'))

  it('are those of each batch: the last one of an epoch is smaller', async () => {
    const seen: number[] = []
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 2, inputShape: [4], kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }) }),
      ],
    })
    const optimizer = lotionOptimizer({
      steps: 12,
      compile: (named) => {
        const updater = compileOf(lotion({ format }))(named)
        return { ...updater, step: (...args) => (seen.push(args[2].terms), updater.step(...args)) }
      },
    })
    model.compile({ optimizer, loss: 'meanSquaredError' })
    const [x, y] = [tf.ones([20, 4]), tf.ones([20, 2])]
    await model.fit(x, y, { batchSize: 8, epochs: 2 })
    expect(seen).toEqual([8, 8, 4, 8, 8, 4])
    const ds = tf.data.zip({ xs: tf.data.array([x, x]), ys: tf.data.array([y, y]) })
    await model.fitDataset(ds, { epochs: 1 })
    expect(seen.slice(6)).toEqual([20, 20])
    optimizer.dispose()
    model.dispose()
  })

  it('may be a number, or asked for at every step', () => {
    const w = tf.variable(tf.ones([2, 2]))
    const seen: number[] = []
    let batch = 3
    const optimizer = lotionOptimizer({
      steps: 3,
      terms: () => batch,
      compile: (named) => {
        const updater = compileOf(ptq({ format }))(named)
        return { ...updater, step: (...args) => (seen.push(args[2].terms), updater.step(...args)) }
      },
    })
    for (batch of [3, 5]) optimizer.minimize(() => w.sum().asScalar(), false, [w])
    batch = 0
    expect(() => optimizer.minimize(() => w.sum().asScalar(), false, [w])).toThrow(
      'terms: expected a positive whole number, found 0',
    )
    expect(seen).toEqual([3, 5])
    optimizer.dispose()
    w.dispose()
  })
})
