// The optimizer for plain tfjs: the same weights as @lotion/optim on the CPU, in loops and in layers, nothing
// left behind.

import { mapTree, normals, perRow, sizeOf } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { int4, withBlock } from '@lotion/formats'
import { adamw, createUpdater, lotion, sgd, withMethod, type QuantizeRule } from '@lotion/optim'
import { amount } from '@lotion/test-kit'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { tfjsExecutor } from './executor/tfjs-executor.js'
import { lotionOptimizer } from './lotion-optimizer.js'

tf.env().set('PROD', true)

const method = lotion({ format: withBlock(int4, perRow), lambda: 3 })
const quantize: QuantizeRule = ({ shape }) => (shape.length === 2 ? { axis: 0 } : null)
const transformation = withMethod(method, adamw({ learningRate: 0.05 }), quantize)
const compile = (shapes: Readonly<Record<string, readonly number[]>>) =>
  createUpdater({ transformation, shapes, executor: tfjsExecutor() })

describe.each([
  ['cpu', amount(200, 1000)],
  ['wasm', 200],
])('on the backend %s', (backend, steps) => {
  beforeAll(() => tf.setBackend(backend))

  it('takes the steps of the same updater on Float32Array, bit for bit', async () => {
    const shapes = { w: [4, 3], b: [3] }
    const start = mapTree(shapes, (shape, stream) => normals({ seed: 1, stream }, sizeOf(shape)))
    const variables = mapTree(start, (values, name) =>
      tf.variable(tf.tensor(values, shapes[name as 'w']), true, `${backend} ${name}`),
    )
    const executor = cpuExecutor({ threads: 1 })
    const named = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [`${backend} ${name}`, shape]),
    )
    const updater = createUpdater({
      transformation,
      shapes: named,
      executor,
    })
    const params = Object.fromEntries(
      Object.entries(start).map(([name, values]) => [`${backend} ${name}`, Float32Array.from(values)]),
    )
    const state = updater.init()
    const optimizer = lotionOptimizer({ compile, steps: 5, terms: 8 })
    for (let step = 0; step < 5; step++) {
      const gradients = mapTree(named, (shape, stream) => normals({ seed: 2, stream, step }, sizeOf(shape)))
      updater.step(params, state, { loss: 0, terms: 8, gradients }, { step, steps: 5 })
      tf.tidy(() =>
        optimizer.applyGradients(mapTree(gradients, (values, name) => tf.tensor(values, named[name]))),
      )
    }
    for (const [name, variable] of Object.entries(variables))
      expect(variable.dataSync()).toEqual(params[`${backend} ${name}`])
    expect(() => optimizer.minimize(() => variables['w']!.sum().asScalar())).toThrow(
      'steps: expected at most 5',
    )
    optimizer.dispose()
    Object.values(variables).forEach((variable) => variable.dispose())
  })

  it('continues from stored weights with the same numbers', async () => {
    const run = async (interrupted: boolean): Promise<number[]> => {
      const w = tf.variable(
        tf.tensor2d([
          [0.3, -0.7],
          [1.1, 0.2],
        ]),
      )
      const make = () => lotionOptimizer({ compile, steps: 6, terms: 4 })
      let optimizer = make()
      for (let step = 0; step < 6; step++) {
        if (interrupted && step === 3) {
          const weights = await optimizer.getWeights()
          const next = make()
          await next.setWeights(weights)
          tf.dispose(weights[0]!.tensor)
          optimizer.dispose()
          optimizer = next
        }
        optimizer.minimize(() => w.sub(1).square().sum().asScalar(), false, [w])
      }
      const values = [...w.dataSync()]
      optimizer.dispose()
      w.dispose()
      return values
    }
    expect(await run(true)).toEqual(await run(false))
  })

  it('takes stored weights before the first step and after, and leaves no tensor behind', async () => {
    const w = tf.variable(tf.ones([2, 2]), true, `stored ${backend}`)
    const before = tf.memory().numTensors
    const step = (optimizer: tf.Optimizer): void => {
      optimizer.minimize(() => w.square().sum().asScalar(), false, [w])
    }
    const [first, second] = [1, 2].map(() => lotionOptimizer({ compile, steps: 6, terms: 4 })) as [
      tf.Optimizer,
      tf.Optimizer,
    ]
    step(first)
    const weights = await first.getWeights()
    for (let i = 0; i < 2; i++) await second.setWeights(weights)
    step(second)
    await second.setWeights(weights)
    const read = async (optimizer: tf.Optimizer): Promise<unknown> => {
      const [iterations, ...slots] = await optimizer.getWeights()
      tf.dispose(iterations!.tensor)
      return slots.map(({ name, tensor }) => [name, ...tensor.dataSync()])
    }
    expect(await read(second)).toEqual(await read(first))
    const stray = { ...weights[1]!, name: 'other:m' }
    await expect(second.setWeights([weights[0]!, stray])).rejects.toThrow(
      `weights: 'other:m' is no slot of this optimizer, which has stored ${backend}:`,
    )
    tf.dispose(weights[0]!.tensor)
    first.dispose()
    second.dispose()
    const unused = lotionOptimizer({ compile, steps: 6, terms: 4 })
    const iterations = tf.scalar(1, 'int32')
    await unused.setWeights([
      { name: 'iter', tensor: iterations },
      { name: 'a:m', tensor: w },
    ])
    iterations.dispose()
    unused.dispose()
    expect(tf.memory().numTensors).toBe(before)
    w.dispose()
  })

  it('trains a model of layers, and leaves no tensor behind', async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({
          units: 8,
          inputShape: [2],
          activation: 'tanh',
          kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }),
        }),
        tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotNormal({ seed: 2 }) }),
      ],
    })
    const optimizer = lotionOptimizer({ compile, steps: 1100, terms: 16 })
    model.compile({ optimizer, loss: 'meanSquaredError' })
    const x = tf.tensor2d(normals({ seed: 3, stream: 'x' }, 32), [16, 2])
    const y = tf.tidy(() => x.slice([0, 0], [16, 1]).mul(x.slice([0, 1], [16, 1])))
    const first = Number(await model.trainOnBatch(x, y))
    const before = tf.memory().numTensors
    let last = first
    for (let step = 0; step < steps; step++) last = Number(await model.trainOnBatch(x, y))
    expect(tf.memory().numTensors).toBe(before)
    expect(last).toBeLessThan(first / 2)
    optimizer.dispose()
    model.dispose()
    tf.dispose([x, y])
  })
})

describe('arguments', () => {
  beforeAll(() => tf.setBackend('cpu'))
  it.each([
    ['no steps', { steps: 0, terms: 1 }, 'steps: expected a positive whole number, found 0'],
    ['half a term', { steps: 1, terms: 0.5 }, 'terms: expected a positive whole number, found 0.5'],
  ])('%s', (_, options, message) => expect(() => lotionOptimizer({ compile, ...options })).toThrow(message))

  it('names of no variable', () => {
    const a = tf.variable(tf.ones([2, 2]))
    const optimizer = lotionOptimizer({ compile, steps: 3, terms: 1 })
    expect(() => optimizer.applyGradients({ nobody: a })).toThrow(
      "gradient 'nobody': expected the name of a tf.Variable",
    )
    a.dispose()
    optimizer.dispose()
  })
})

it('takes right gradients where those of tfjs are not: avgPool with padding, in minimize', () => {
  const image = tf.variable(tf.zeros([1, 3, 3, 1]), true, 'padded')
  const loss = (): tf.Scalar => tf.sum(tf.avgPool(image as tf.Tensor4D, 2, 1, 'same')).asScalar()
  const optimizer = lotionOptimizer({
    compile: (shapes) =>
      createUpdater({ transformation: sgd({ learningRate: 1 }), shapes, executor: tfjsExecutor() }),
    steps: 1,
    terms: 1,
  })
  optimizer.minimize(loss, false, [image])
  // The loss is linear, so its slope at a pixel is the loss of that pixel alone.
  const slopes = Array.from({ length: 9 }, (_, at) => {
    const pixel = Float32Array.from({ length: 9 }, (_value, i) => Number(i === at))
    const alone = tf.sum(tf.avgPool(tf.tensor4d(pixel, [1, 3, 3, 1]), 2, 1, 'same')).dataSync()[0]!
    return -alone
  })
  expect([...image.dataSync()]).toEqual(slopes)
  optimizer.dispose()
  image.dispose()
})
