// Every method through the optimizer is the method of fit: its point, and its guards.

import { mapTree, normals, perRow, type Batch, type Program, type Tree } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { int3, withBlock } from '@lotion/formats'
import {
  adamw,
  cage,
  createUpdater,
  defineTransformation,
  fit,
  lotion,
  lsq,
  ptq,
  qat,
  rat,
  withMethod,
} from '@lotion/optim'
import type { Method, QuantizeRule } from '@lotion/optim'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { eagerEngine } from './eager-engine.js'
import { tfjsExecutor } from './executor/tfjs-executor.js'
import { lotionOptimizer, type LotionOptimizerOptions } from './lotion-optimizer.js'

tf.env().set('PROD', true)

const format = withBlock(int3, perRow)
const quantize: QuantizeRule = ({ shape }) => (shape.length === 2 ? { axis: 0 } : null)
const rule = adamw({ learningRate: 0.05, weightDecay: 0.01 })
const steps = 6
const methods: readonly Method[] = [ptq, lotion, qat, rat, cage].map((make) => make({ format }))

const compileOf =
  (method: Method): LotionOptimizerOptions['compile'] =>
  (shapes) =>
    createUpdater({ transformation: withMethod(method, rule, quantize), shapes, executor: tfjsExecutor() })

const shapes = { w: [4, 3], b: [3] }
const start = mapTree(shapes, (shape, stream) =>
  normals(
    { seed: 1, stream },
    shape.reduce((n, k) => n * k, 1),
  ),
)
const dataOf = (step: number): Float32Array => normals({ seed: 2, stream: 'x', step }, 32)
const lossOf = (w: tf.Tensor, b: tf.Tensor, x: tf.Tensor): tf.Scalar =>
  tf.mean(tf.square(tf.sub(tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), b), 1))).asScalar()

/** Weights after the run, by parameter, from the optimizer in a loop of one's own. */
function minimized(method: Method, prefix: string): Tree<readonly number[]> {
  const variables = mapTree(start, (values, name) =>
    tf.variable(tf.tensor(values, shapes[name as 'w']), true, `${prefix}${name}`),
  )
  const list = Object.values(variables)
  const optimizer = lotionOptimizer({ compile: compileOf(method), steps, seed: 9 })
  const before = tf.memory().numTensors
  let later = before
  for (let step = 0; step < steps; step++) {
    tf.tidy(() => {
      const x = tf.tensor2d(dataOf(step), [8, 4])
      optimizer.minimize(() => lossOf(variables['w']!, variables['b']!, x), false, list)
    })
    if (step === 0) later = tf.memory().numTensors
  }
  expect(tf.memory().numTensors).toBe(later)
  optimizer.dispose()
  expect(tf.memory().numTensors).toBe(before)
  const weights = mapTree(variables, (variable) => [...variable.dataSync()])
  tf.dispose(list)
  return weights
}

/** The same from fit, on Float32Arrays. */
async function fitted(method: Method, prefix: string): Promise<Tree<readonly number[]>> {
  const named = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [`${prefix}${name}`, shape]))
  const program: Program<tf.Tensor> = {
    name: 'line',
    shapes: named,
    loss: (params, { x }) => lossOf(params[`${prefix}w`]!, params[`${prefix}b`]!, x!),
    terms: () => 24,
  }
  const params = Object.fromEntries(
    Object.entries(start).map(([name, values]) => [`${prefix}${name}`, Float32Array.from(values)]),
  )
  await fit({
    params,
    shapes: named,
    gradientStep: eagerEngine().gradients(program),
    batches: (step): Batch => ({ x: { data: dataOf(step), shape: [8, 4] } }),
    method,
    quantize,
    optimizer: rule,
    steps,
    seed: 9,
    executor: cpuExecutor({ threads: 1 }),
  })
  return { w: [...params[`${prefix}w`]!], b: [...params[`${prefix}b`]!] }
}

describe.each(['cpu', 'wasm'])('on the backend %s', (backend) => {
  beforeAll(() => tf.setBackend(backend))

  it.each(methods.map((method) => [method.name, method] as const))(
    '%s takes the steps of fit, bit for bit, and leaves no tensor behind',
    async (name, method) => {
      const prefix = `${backend} ${name} `
      const found = minimized(method, prefix)
      expect(found).toEqual(await fitted(method, prefix))
      if (name !== 'ptq') expect(found).not.toEqual(minimized(methods[0]!, prefix))
    },
  )

  it('a model of layers is trained at the cast of its kernels', async () => {
    const make = (): tf.Sequential => {
      const kernelInitializer = tf.initializers.glorotNormal({ seed: 1 })
      return tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4], kernelInitializer })] })
    }
    const x = tf.tensor2d(dataOf(0), [8, 4])
    const y = tf.ones([8, 3])
    const loss = 'meanSquaredError'
    const [trained, cast] = [make(), make()]
    const optimizer = lotionOptimizer({ compile: compileOf(qat({ format })), steps: 3 })
    trained.compile({ optimizer, loss })
    const kernel = trained.layers[0]!.getWeights()[0]!
    const before = kernel.dataSync().slice()
    tf.tidy(() => {
      const updater = compileOf(qat({ format }))({ kernel: [4, 3] })
      const at = updater.point!.at({ kernel }, { seed: 0, step: 0 })
      cast.layers[0]!.setWeights([at['kernel']!, tf.zeros([3])])
    })
    cast.compile({ optimizer: 'sgd', loss })
    const expected = (cast.evaluate(x, y, { batchSize: 8 }) as tf.Scalar).dataSync()[0]
    expect(await trained.trainOnBatch(x, y)).toBe(expected)
    // The kernel itself was stepped, by about the learning rate; it is not the cast.
    const after = trained.layers[0]!.getWeights()[0]!.dataSync()
    after.forEach((w, i) => expect(Math.abs(w - before[i]!)).toBeLessThan(0.06))
    expect(after).not.toEqual(before)
    optimizer.dispose()
    trained.dispose()
    cast.dispose()
    tf.dispose([x, y])
  })
})

describe('what the optimizer refuses', () => {
  beforeAll(() => tf.setBackend('cpu'))
  const options = { compile: compileOf(ptq({ format })), steps: 5 }
  const withVariable = (run: (w: tf.Variable) => void): void => {
    const w = tf.variable(tf.ones([2, 2]))
    try {
      run(w)
    } finally {
      w.dispose()
    }
  }

  it.each(['qat', 'rat', 'cage'])('ready gradients, where the method takes them at casts (%s)', (name) =>
    withVariable((w) => {
      const method = methods.find((one) => one.name === name)!
      const optimizer = lotionOptimizer({ ...options, compile: compileOf(method), terms: 1 })
      expect(() => optimizer.applyGradients({ [w.name]: tf.ones([2, 2]) })).toThrow(
        `${name}: its gradient is taken at casts of the weights, found gradients that this optimizer did not compute; use optimizer.minimize`,
      )
      expect([...w.dataSync()]).toEqual([1, 1, 1, 1])
      // Computed by the optimizer and changed by the loop, they are taken, once.
      const { grads } = optimizer.computeGradients(() => w.square().mean().asScalar(), [w])
      optimizer.applyGradients(grads)
      expect(() => optimizer.applyGradients(grads)).toThrow(`${name}: its gradient is taken at casts`)
      optimizer.dispose()
    }),
  )

  it('a method that trains values beside the variables', () =>
    withVariable((w) => {
      const optimizer = lotionOptimizer({ ...options, compile: compileOf(lsq({ format })) })
      expect(() => optimizer.minimize(() => w.square().mean().asScalar(), false, [w])).toThrow(
        'lsq: it trains values beside the variables',
      )
      optimizer.dispose()
    }))

  it('an updater that lost its point on the way, and one that needs more than a gradient', () =>
    withVariable((w) => {
      const compile: LotionOptimizerOptions['compile'] = (shapes) => {
        const { point: _point, ...pointless } = compileOf(qat({ format }))(shapes)
        return pointless
      }
      const step = (of: LotionOptimizerOptions['compile']) => () => {
        const optimizer = lotionOptimizer({ ...options, compile: of })
        try {
          optimizer.minimize(() => w.square().mean().asScalar(), false, [w])
        } finally {
          optimizer.dispose()
        }
      }
      expect(step(compile)).toThrow("qat: expected a gradient taken at the method's point")
      const transformation = defineTransformation({
        name: 'needy',
        needs: ['curvature'],
        update: ({ update, curvature }) => ({ update: update.div(curvature) }),
      })
      expect(step((shapes) => createUpdater({ transformation, shapes, executor: tfjsExecutor() }))).toThrow(
        "lotionOptimizer: needs the signal 'curvature', one value a weight, which 'tfjs' does not deliver (it delivers gradient)",
      )
      expect([...w.dataSync()]).toEqual([1, 1, 1, 1])
    }))

  it('a loss or gradient that is not finite, in the words of fit; weights and slots stay', () =>
    withVariable((w) => {
      const optimizer = lotionOptimizer({ ...options, compile: compileOf(qat({ format })) })
      const step = (factor: number): unknown =>
        optimizer.minimize(() => w.mul(factor).square().mean().asScalar(), false, [w])
      step(1)
      const kept = [...w.dataSync()]
      expect(() => step(Number.NaN)).toThrow(
        `step 2: expected a finite loss and gradient, found loss NaN, a gradient of '${w.name}' that is not finite or overflows when squared; ` +
          "the weights are those of the step before. Lower the learning rate, clip the gradient, look for NaN in the data, or pass nonFinite: 'skip'.",
      )
      expect([...w.dataSync()]).toEqual(kept)
      step(1)
      expect(w.dataSync().every(Number.isFinite)).toBe(true)
      optimizer.dispose()
    }))

  it('or skips it, as if the run were a step shorter, but not too often in a row', () =>
    withVariable((w) => {
      const run = (factors: readonly number[], total: number, skipLimit = 20): number[] => {
        w.assign(
          tf.tensor2d([
            [1, -0.4],
            [0.3, 0.2],
          ]),
        )
        const optimizer = lotionOptimizer({ ...options, steps: total, nonFinite: 'skip', skipLimit })
        try {
          for (const factor of factors)
            optimizer.minimize(() => w.mul(factor).square().mean().asScalar(), false, [w])
        } finally {
          optimizer.dispose()
        }
        return [...w.dataSync()]
      }
      expect(run([1, Number.NaN, 2, Number.NaN, 1], 5)).toEqual(run([1, 2, 1], 3))
      expect(() => run([1, Infinity, Infinity, Infinity], 5, 2)).toThrow(
        "nonFinite: 'skip': 3 steps in a row were not finite, 2 may be (skipLimit); the last one: step 4:",
      )
    }))

  it('what it cannot do, by name', () =>
    withVariable((w) => {
      const optimizer = lotionOptimizer(options)
      expect(() => ((optimizer as unknown as { learningRate: number }).learningRate = 1)).toThrow(
        'learningRate: it cannot be set on this optimizer; it stands in the transformation',
      )
      expect(() => (optimizer as unknown as { learningRate: number }).learningRate).toThrow('cannot be read')
      expect(() => optimizer.minimize(() => w.square().sum().asScalar(), false, [w])).toThrow(
        'terms: expected a loss that ends in a mean, found none; say how many terms a batch averages',
      )
      expect(() => optimizer.applyGradients({ [w.name]: tf.ones([2, 2]) })).toThrow(
        'found gradients that this optimizer did not compute',
      )
      expect(() => optimizer.applyGradients({})).toThrow('gradients: expected one at least')
      expect(() => lotionOptimizer({ ...options, term: 3 } as never)).toThrow(
        "lotionOptimizer: unknown option 'term', did you mean 'terms'?",
      )
      expect(() => lotionOptimizer({ ...options, seed: Number.NaN })).toThrow('seed: expected a whole number')
      optimizer.dispose()
    }))
})
