// Differentiable lane functions: the twin's values, slopes like finite differences of the f64 definition,
// nothing left behind.

import {
  blockOf,
  castNearest,
  defineLanes,
  evaluate,
  layoutOf,
  normals,
  perRow,
  perTensor,
  uniforms,
  type Block,
  type LaneFn,
} from '@lotion/core'
import { int4, withBlock } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { smoothingPenalty } from '@lotion/optim'
import { amount } from '@lotion/test-kit'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { tfjsExecutor } from './executor/tfjs-executor.js'
import { laneOp, straightThrough } from './lane-op.js'

tf.env().set('PROD', true)

const shape = [4, 6] as const
const w = normals({ seed: 1, stream: 'w' }, 24)
const f = uniforms({ seed: 1, stream: 'f' }, 24)
const slopes = normals({ seed: 1, stream: 'slopes' }, 24)

const perWeight = defineLanes({
  name: 'a value a weight',
  inputs: ['w', 'f'],
  scalars: ['s'],
  outputs: ['y'],
  body: ({ w: x, f: y, s }) => ({
    y: x.mul(x).add(y).sqrt().mul(s).div(x.abs().blockMax()).add(y.tensorSum()),
  }),
})
const perBlock = defineLanes({
  name: 'a value a block',
  inputs: ['w', 'f'],
  scalars: ['s'],
  outputs: ['y'],
  body: ({ w: x, f: y, s }) => ({ y: x.mul(y).blockSum().mul(x.abs().blockMax()).add(s) }),
})
const perCall = defineLanes({
  name: 'a value a call',
  inputs: ['w', 'f'],
  scalars: ['s'],
  outputs: ['y'],
  body: ({ w: x, f: y, s }) => ({ y: x.mul(x).mul(y).total('sum').mul(s) }),
})
const sumOnly = defineLanes({
  name: 'a slope of one value a call',
  inputs: ['w', 'f'],
  scalars: ['s'],
  outputs: ['y'],
  body: ({ w: x, f: y, s }) => ({ y: x.sub(y).tensorSum().mul(s) }),
})

/** Central differences of Σ slope · y in the definition's double precision. */
function differences(fn: LaneFn, block: Block, axis: number, at: 'w' | 'f'): number[] {
  const h = 2 ** -20
  const value = (shift: number, i: number): number => {
    const inputs = { w: Float64Array.from(w), f: Float64Array.from(f), s: 1.5 }
    inputs[at][i]! += shift
    const [out] = evaluate([{ fn, inputs, layout: layoutOf(shape, block, axis) }])
    return out!['y']!.reduce((sum, y, k) => sum + y * slopes[k]!, 0)
  }
  return Array.from({ length: 24 }, (_, i) => (value(h, i) - value(-h, i)) / (2 * h))
}

describe.each(['cpu', 'wasm'])('on the backend %s', (backend) => {
  beforeAll(() => tf.setBackend(backend))
  const inputs = () => ({ w: tf.tensor(w, [...shape]), f: tf.tensor(f, [...shape]), s: 1.5 })

  it.each(
    [perWeight, perBlock, perCall, sumOnly].flatMap((fn) => [
      [fn, perTensor, -1] as const,
      [fn, blockOf(4), -1] as const,
      [fn, perRow, 0] as const,
    ]),
  )('$0.name, blocks of $1 along axis $2', (fn, block, axis) => {
    const executors = [tfjsExecutor(), tfjsExecutor({ host: false })]
    for (const executor of executors) {
      const op = laneOp(fn, { block, axis, executor })
      tf.tidy(() => {
        const given = inputs()
        const y = op(given)
        const [twin] = evaluate(
          [{ fn, inputs: { w, f, s: 1.5 }, layout: layoutOf(shape, block, axis) }],
          'f32',
        )
        expect([...y.dataSync()]).toEqual([...twin!['y']!])
        const dy = tf.tensor(slopes.slice(0, y.size), y.shape)
        const [dw, df] = tf.grads((a, b) => tf.mul(op({ ...given, w: a, f: b }), dy).sum())([
          given.w,
          given.f,
        ])
        expect([dw!.shape, df!.shape]).toEqual([shape, shape])
        for (const [found, at] of [
          [dw!, 'w'],
          [df!, 'f'],
        ] as const) {
          const expected = differences(fn, block, axis, at)
          const scale = Math.max(...expected.map(Math.abs))
          // f32 slopes with a few roundings, and h² of the difference: far below 1e-4 of the largest.
          found
            .dataSync()
            .forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-4 * scale))
        }
      })
    }
  })

  it('differentiates with the rest of a model, by what is asked for alone', () => {
    const op = laneOp(perWeight, { by: ['w'], block: blockOf(4) })
    const x = tf.tensor(normals({ seed: 2, stream: 'x' }, 6), [6, 1])
    const { w: start, f: held } = inputs()
    const loss = (a: tf.Tensor): tf.Scalar =>
      tf
        .matMul(op({ w: tf.mul(a, 2), f: held, s: 1 }), x)
        .square()
        .sum()
    const variable = tf.variable(start)
    const { grads } = tf.variableGrads(() => loss(variable), [variable])
    const found = Object.values(grads)[0]!.dataSync()
    const value = (i: number, shift: number): number => {
      const moved = Float64Array.from(w, (v, k) => 2 * (v + (k === i ? shift : 0)))
      const layout = layoutOf(shape, blockOf(4))
      const y = evaluate([{ fn: perWeight, inputs: { w: moved, f, s: 1 }, layout }])[0]!['y']!
      const xs = x.dataSync()
      return [0, 1, 2, 3].reduce(
        (sum, row) => sum + [0, 1, 2, 3, 4, 5].reduce((dot, k) => dot + y[row * 6 + k]! * xs[k]!, 0) ** 2,
        0,
      )
    }
    const expected = Array.from(w, (_, i) => (value(i, 2 ** -20) - value(i, -(2 ** -20))) / 2 ** -19)
    const scale = Math.max(...expected.map(Math.abs))
    found.forEach((slope, i) => expect(Math.abs(slope - expected[i]!)).toBeLessThan(1e-4 * scale))
    variable.dispose()
  })

  it('trains with the smoothed loss and a cast that is seen through, and leaves no tensor behind in many steps', () => {
    const format = withBlock(int4, perRow)
    const penalty = laneOp(smoothingPenalty(format, randomizedRounding), { by: ['w'], block: perRow })
    const cast = straightThrough(castNearest(format), { block: perRow })
    const target = tf.tensor(w, [...shape])
    const weights = tf.variable(tf.zeros([...shape]).add(0.1))
    const fisher = tf.ones([...shape])
    const optimizer = tf.train.sgd(0.02)
    const step = (): void => {
      optimizer.minimize(
        () =>
          tf.tidy(() => {
            const task = cast({ w: weights }).sub(target).square().sum()
            return task.add(penalty({ w: weights, fisher }).mul(2)).asScalar()
          }),
        false,
        [weights],
      )
    }
    const distance = (): number =>
      tf.tidy(() => cast({ w: weights }).sub(target).square().sum().dataSync()[0]!)
    const start = distance()
    step()
    const before = tf.memory().numTensors
    for (let i = 0; i < amount(100, 1000); i++) step()
    expect(tf.memory().numTensors).toBe(before)
    expect(distance()).toBeLessThan(start / 10)
    for (const tensor of [weights, target, fisher]) tensor.dispose()
  })

  it('leaves no tensor behind where the loss does not depend on it', () => {
    const op = laneOp(perCall)
    const given = inputs()
    const variable = tf.variable(given.w)
    const before = tf.memory().numTensors
    const { value, grads } = tf.variableGrads(() => {
      op({ ...given, w: variable })
      return variable.sum().asScalar()
    }, [variable])
    tf.dispose([value, grads])
    expect(tf.memory().numTensors).toBe(before)
    tf.dispose([given.w, given.f])
    variable.dispose()
  })
})

describe('straightThrough', () => {
  beforeAll(() => tf.setBackend('cpu'))
  it('casts, and passes the slope on', () => {
    const format = withBlock(int4, perRow)
    const fn = castNearest(format)
    const cast = straightThrough(fn, { block: perRow })
    const x = tf.tensor(w, [...shape])
    const [twin] = evaluate([{ fn, inputs: { w }, layout: layoutOf(shape, perRow) }], 'f32')
    expect([...cast({ w: x }).dataSync()]).toEqual([...twin!['w']!])
    const slope = tf.grad((a) =>
      cast({ w: a })
        .mul(tf.tensor(slopes, [...shape]))
        .sum(),
    )(x)
    expect(slope.dataSync()).toEqual(slopes)
  })
})

describe('arguments', () => {
  it.each([
    ['an unknown output', () => laneOp(perWeight, { output: 'z' }), "output: expected one of y, found 'z'"],
    ['a scalar to differentiate by', () => laneOp(perWeight, { by: ['s'] }), 'a scalar is a constant'],
    [
      'a number to differentiate by',
      () => laneOp(perWeight)({ w: 1, f: 1, s: 1 }),
      'expected tensors for w, f',
    ],
    [
      'a straight way through a block',
      () => straightThrough(perBlock),
      "output 'y': expected one value a weight",
    ],
  ])('%s', (_, run, message) => expect(run).toThrow(message))
})
