// The door for a model of layers: around tfjs's optimizers bit for bit, equal to fit, figures of the grid.

import { mapTree, type Batch, type Program } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { int3, int4 } from '@lotion/formats'
import { adamw, cage, fit, linear, lotion, lsq, ptq, qat, rat, sgd, type Method } from '@lotion/optim'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { eagerEngine } from '../eager-engine.js'
import { quantized, type QuantizedCompile, type QuantizedOptions } from './index.js'
import {
  batchSize,
  data,
  examples,
  inputs,
  loss,
  network,
  once,
  targets,
  valuesOf,
} from '../../test/small-network.js'

tf.env().set('PROD', true)
beforeAll(() => tf.setBackend('cpu'))

const kernelOf = (model: tf.LayersModel): readonly number[] => valuesOf(model)[0]!

/** Weights after training by the door. */
async function trained(
  method: Method,
  optimizer: QuantizedCompile<tf.LayersModel>['optimizer'],
  epochs: number = once.epochs,
  options: QuantizedOptions = {},
): Promise<readonly (readonly number[])[]> {
  const model = network()
  const q = quantized(model, method, options)
  q.compile({ optimizer, loss })
  await q.fit(...data(), { ...once, epochs })
  q.dispose()
  return valuesOf(model)
}

function mostOff(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  return Math.max(...a.flat().map((value, i) => Math.abs(value - b.flat()[i]!)))
}

const { train } = tf
const makers = {
  adam: () => train.adam(0.01),
  rmsprop: () => train.rmsprop(0.01),
  momentum: () => train.momentum(0.01, 0.9),
  adagrad: () => train.adagrad(0.01),
} as const

describe('an optimizer of tfjs inside', () => {
  it.each(Object.entries(makers))('ptq with tf.train.%s is that optimizer, bit for bit', async (_, make) => {
    const model = network()
    const start = valuesOf(model)
    model.compile({ optimizer: make(), loss })
    await model.fit(...data(), once)
    expect(await trained(ptq({ format: int4 }), make())).toEqual(valuesOf(model))
    expect(mostOff(start, valuesOf(model))).toBeGreaterThan(1e-3)
  })

  it('a name is the optimizer that tfjs has of it', async () => {
    const model = network()
    model.compile({ optimizer: 'rmsprop', loss })
    await model.fit(...data(), once)
    expect(await trained(ptq({ format: int4 }), 'rmsprop')).toEqual(valuesOf(model))
  })

  it.each([
    ['lotion', lotion({ format: int3, lambda: 3 })],
    ['cage', cage({ format: int3, silence: 0 })],
    ['rat', rat({ format: int3 })],
  ])('%s around tf.train.momentum takes the steps of sgd of @lotion/optim', async (_, method) => {
    const [inside, ours] = [
      await trained(method, train.momentum(0.02, 0.9), 25),
      await trained(method, sgd({ learningRate: 0.02, momentum: 0.9 }), 25),
    ]
    expect(mostOff(inside, ours)).toBeLessThan(1e-6)
    const plain = await trained(ptq({ format: int3 }), train.momentum(0.02, 0.9), 25)
    expect(mostOff(inside, plain)).toBeGreaterThan(1e-3)
  })

  it('a frozen layer stays, and goes on with the others when it is let', async () => {
    const model = network()
    const q = quantized(model, lotion({ format: int4 }))
    const optimizer = train.adam(0.02)
    const [frozen] = model.layers
    const run = async (trainable: boolean): Promise<void> => {
      frozen!.trainable = trainable
      q.compile({ optimizer, loss })
      await q.fit(...data(), once)
    }
    await run(true)
    const known = kernelOf(model)
    const last = valuesOf(model)[2]!
    await run(false)
    const firstKernel = (): readonly number[] => [...frozen!.weights[0]!.read().dataSync()]
    const lastKernel = (): readonly number[] => [...model.layers[1]!.weights[0]!.read().dataSync()]
    expect(firstKernel()).toEqual(known)
    expect(lastKernel()).not.toEqual(last)
    await run(true)
    expect(firstKernel()).not.toEqual(known)
    q.dispose()
  })
})

describe('an optimizer of @lotion/optim inside', () => {
  const optimizer = adamw({ learningRate: linear(0.02, 0), weightDecay: 0.01 })
  const epochs = 25

  /** The same model as a program, by fit. */
  async function fitted(method: Method, names: readonly string[]): Promise<readonly (readonly number[])[]> {
    const model = network()
    const shapes = Object.fromEntries(
      model.weights.map((weight, i) => [names[i]!, weight.shape as number[]] as const),
    )
    const [k1, b1, k2, b2] = names as [string, string, string, string]
    const program: Program<tf.Tensor> = {
      name: 'network',
      shapes,
      loss: (w, { x, y }) => {
        const hidden = tf.tanh(tf.add(tf.matMul(x as tf.Tensor2D, w[k1] as tf.Tensor2D), w[b1]!))
        const out = tf.add(tf.matMul(hidden as tf.Tensor2D, w[k2] as tf.Tensor2D), w[b2]!)
        return tf.mean(tf.squaredDifference(out, y!))
      },
      terms: ({ y }) => y!.shape[0]!,
    }
    const params = mapTree(shapes, (_, name) => Float32Array.from(valuesOf(model)[names.indexOf(name)]!))
    await fit({
      params,
      shapes,
      gradientStep: eagerEngine().gradients(program),
      batches: (step): Batch => {
        const [from, to] = step % 2 === 0 ? [0, batchSize] : [batchSize, examples]
        return {
          x: { data: inputs.slice(4 * from, 4 * to), shape: [to - from, 4] },
          y: { data: targets.slice(from, to), shape: [to - from, 1] },
        }
      },
      method,
      quantize: ({ shape }) => (shape.length === 2 ? { axis: 0 } : null),
      optimizer,
      steps: 2 * epochs,
      seed: 7,
      executor: cpuExecutor({ threads: 1 }),
      onWarning: () => {},
    })
    return names.map((name) => [...params[name]!])
  }

  it.each([ptq, lotion, qat, rat, cage].map((make) => [make.name, make({ format: int3 })] as const))(
    '%s equals fit to 1e-6 after 50 steps',
    async (_, method) => {
      const model = network()
      const names = ['first/kernel', 'first/bias', 'last/kernel', 'last/bias']
      const q = quantized(model, method, { seed: 7 })
      q.compile({ optimizer, loss })
      await q.fit(...data(), { ...once, epochs })
      expect(mostOff(valuesOf(model), await fitted(method, names))).toBeLessThan(1e-6)
      q.dispose()
    },
  )

  it('learning rate and λ are read, and set while it runs', async () => {
    const model = network()
    const q = quantized(model, lotion({ format: int4, lambda: linear(0, 2) }))
    q.compile({ optimizer, loss })
    const seen: unknown[] = []
    const onEpochEnd = async (epoch: number): Promise<void> => {
      seen.push([q.learningRate, q.lambda])
      if (epoch === 0) [q.learningRate, q.lambda] = [0, 5]
      if (epoch === 1) seen.push(kernelOf(model))
    }
    const batch = { ...once, batchSize: 16, epochs: 2 }
    await q.fit(...data(), { ...batch, callbacks: { onEpochEnd } })
    expect(seen.slice(0, 2)).toEqual([
      [0.02, 0],
      [0, 5],
    ])
    const still = kernelOf(model)
    await q.fit(...data(), batch)
    expect(kernelOf(model)).toEqual(still)
    expect(() => (q.lambda = -1)).toThrow(/lambda: expected a number of at least 0, found -1/)
    q.dispose()
  })

  it('one batch at a time needs no length, but where a schedule follows one', async () => {
    const one = async (learningRate: Parameters<typeof sgd>[0]['learningRate'], options = {}) => {
      const model = network()
      const q = quantized(model, qat({ format: int4 }), options)
      q.compile({ optimizer: sgd({ learningRate }), loss })
      return [await q.trainOnBatch(...data()), await q.trainOnBatch(...data())].map(Number)
    }
    const [first, second] = await one(0.01)
    expect(second).toBeLessThan(first!)
    await expect(one(linear(0.01, 0))).rejects.toThrow(/steps: expected the length of the run, .*sgd: rate/)
    await expect(one(linear(0.01, 0), { steps: 2 })).resolves.toHaveLength(2)
  })
})

it('no tensor is left behind by a step, and none after dispose', async () => {
  const [x, y] = data()
  const model = network()
  const before = tf.memory().numTensors
  for (const method of [
    lotion({ format: int4 }),
    cage({ format: int4, silence: 0 }),
    rat({ format: int4 }),
  ]) {
    const q = quantized(model, method, { steps: 20 })
    const optimizer = train.adam(0.01)
    q.compile({ optimizer, loss })
    await q.trainOnBatch(x, y)
    const first = tf.memory().numTensors
    for (let step = 1; step < 10; step++) await q.trainOnBatch(x, y)
    expect(tf.memory().numTensors).toBe(first)
    await q.fit(x, y, { ...once, epochs: 1, validationSplit: 0.25 })
    await q.report()
    expect(tf.memory().numTensors).toBe(first)
    q.dispose()
    optimizer.dispose()
    expect(tf.memory().numTensors).toBe(before)
  }
})

describe('is refused by name', () => {
  const q = () => quantized(network(), ptq({ format: int4 }))
  it.each<[string, () => unknown, RegExp]>([
    [
      'a model that is none',
      () => quantized({} as never, ptq({ format: int4 })),
      /expected a model of tf\.layers/,
    ],
    ['a method that is none', () => quantized(network(), ptq as never), /expected a method/],
    ['values beside the weights', () => quantized(network(), lsq({ format: int4 })), /'lsq'.*use qat here/],
    ['an unknown option', () => quantized(network(), ptq({ format: int4 }), { layer: {} } as never), /layer/],
    [
      'a length that is none',
      () => quantized(network(), ptq({ format: int4 }), { steps: 0 }),
      /steps: .* found 0/,
    ],
    [
      'no optimizer',
      () => {
        q().compile({ optimizer: 3 as never, loss })
      },
      /compile: optimizer: .* found 3/,
    ],
    ['a rate before compile', () => q().learningRate, /call compile of what quantized gave/],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message)
  })

  it('training before compile', async () => {
    await expect(q().fit(...data())).rejects.toThrow(/call compile of what quantized gave/)
  })
})
