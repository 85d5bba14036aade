// The eager engine: exact values on small integers, no leaked tensors, errors that name the array.

import type { HostArray, Program, Tree } from '@lotion/core'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { eagerEngine } from './eager-engine.js'

const floats = (values: readonly number[], shape: readonly number[] = [values.length]): HostArray => ({
  data: Float32Array.from(values),
  shape,
})

/**
 * ½ Σ x w² (gradient x·w), with a parameter that the loss does not touch. Exact in f32 for small integers.
 */
const quadratic: Program<tf.Tensor> = {
  name: 'quadratic',
  shapes: { w: [3], idle: [2] },
  loss: ({ w }, { x }) => tf.mul(tf.sum(tf.mul(given(x), tf.square(given(w)))), 0.5),
  terms: ({ x }) => x?.data.length ?? 0,
}
const x = floats([1, 2, 4])
const params = { w: Float32Array.of(1, -2, 3), idle: Float32Array.of(5, 5) }

beforeAll(() => {
  tf.env().set('PROD', true)
  return tf.setBackend('cpu')
})

describe('gradients', () => {
  it('evaluates loss, gradients and terms; an untouched parameter has gradient 0', async () => {
    expect(await eagerEngine().gradients(quadratic).run(params, { x })).toEqual({
      loss: 22.5,
      terms: 3,
      gradients: { w: Float32Array.of(1, -4, 12), idle: new Float32Array(2) },
    })
  })

  it('runs on a tfjs instance that it is given', async () => {
    expect((await eagerEngine(tf).gradients(quadratic).run(params, { x })).loss).toBe(22.5)
  })

  it('gives token ids as int32', async () => {
    const lookup: Program<tf.Tensor> = {
      name: 'lookup',
      shapes: { table: [4, 2] },
      loss: ({ table }, { ids }) => tf.sum(tf.gather(given(table), given(ids))),
      terms: () => 1,
    }
    const { gradients } = await eagerEngine()
      .gradients(lookup)
      .run({ table: new Float32Array(8) }, { ids: { data: Int32Array.of(1, 3, 1), shape: [3] } })
    expect(gradients['table']).toEqual(Float32Array.of(0, 0, 2, 2, 0, 0, 1, 1))
  })

  it('reuses its gradient arrays and zeroes what it does not touch', async () => {
    const step = eagerEngine().gradients(quadratic)
    const { gradients: first } = await step.run(params, { x })
    first['idle']?.fill(9)
    const { gradients: second } = await step.run({ ...params, w: new Float32Array(3) }, { x })
    expect(second['w']).toBe(first['w'])
    expect(second).toEqual({ w: new Float32Array(3), idle: new Float32Array(2) })
  })

  it('reads shared memory without handing it to the backend', async () => {
    const w = new Float32Array(new SharedArrayBuffer(12))
    w.set([1, -2, 3])
    const { gradients } = await eagerEngine()
      .gradients(quadratic)
      .run({ ...params, w }, { x })
    expect(gradients['w']).toEqual(Float32Array.of(1, -4, 12))
    expect([...w]).toEqual([1, -2, 3])
  })
})

describe('memory', () => {
  const failing: Program<tf.Tensor> = {
    ...quadratic,
    loss: ({ w }) => {
      tf.sum(tf.softmax(given(w)))
      throw new Error('half-way')
    },
  }
  const vector: Program<tf.Tensor> = { ...quadratic, loss: ({ w }) => given(w) }

  it.each([
    ['a run', quadratic, undefined],
    ['a loss that throws', failing, 'half-way'],
    [
      'a loss that is no scalar',
      vector,
      "program 'quadratic': loss must be a float32 scalar, found float32 [3]",
    ],
  ])('%s leaves no tensor behind', async (_, program, message) => {
    const before = tf.memory().numTensors
    const run = eagerEngine().gradients(program).run(params, { x })
    if (message === undefined) await run
    else await expect(run).rejects.toThrow(message)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('a forward run leaves no tensor behind', async () => {
    const before = tf.memory().numTensors
    const step = eagerEngine().forward((_, { x: input }) => ({
      twice: tf.mul(given(input), 2),
      input: given(input),
    }))
    expect(await step.run({}, { x })).toEqual({
      twice: Float32Array.of(2, 4, 8),
      input: Float32Array.of(1, 2, 4),
    })
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('forward', () => {
  it('knows shapes from allocate and from programs', async () => {
    const engine = eagerEngine()
    const { a } = engine.allocate({ a: [2, 3] })
    a?.set([1, 2, 3, 4, 5, 6])
    const transpose = engine.forward(({ a: matrix }) => ({ y: tf.transpose(given(matrix)) }))
    expect(await transpose.run({ a: given(a) }, {})).toEqual({ y: Float32Array.of(1, 4, 2, 5, 3, 6) })
    engine.gradients({ ...quadratic, shapes: { b: [3, 1] } })
    const shape = engine.forward(({ b }) => ({ rank: tf.scalar(given(b).rank) }))
    expect(await shape.run({ b: new Float32Array(3) }, {})).toEqual({ rank: Float32Array.of(2) })
  })

  it('refuses arrays of unknown or ambiguous shape', async () => {
    const engine = eagerEngine()
    const step = engine.forward(({ w }) => ({ y: tf.neg(given(w)) }))
    await expect(step.run({ w: new Float32Array(6) }, {})).rejects.toThrow(/'w': no shape is known/)
    engine.gradients({ ...quadratic, shapes: { w: [2, 3] } })
    engine.gradients({ ...quadratic, shapes: { w: [3, 2] } })
    await expect(step.run({ w: new Float32Array(6) }, {})).rejects.toThrow(
      /'w': 2 different shapes are known/,
    )
  })
})

describe('arguments', () => {
  const step = eagerEngine().gradients(quadratic)
  const run = (tree: Tree<unknown>, batch: Tree<unknown>): Promise<unknown> =>
    // What JavaScript callers can do and TypeScript ones cannot.
    step.run(tree as Tree<Float32Array>, batch as Tree<HostArray>)

  it.each([
    [
      'missing',
      { idle: params.idle },
      { x },
      "parameter 'w': expected a Float32Array of 3 elements, shape [3], found none",
    ],
    [
      'of another type',
      { ...params, w: [1, 2, 3] },
      { x },
      "parameter 'w': expected a Float32Array of 3 elements, shape [3], found Array",
    ],
    ['of another size', { ...params, w: new Float32Array(4) }, { x }, 'found 4 elements'],
    [
      'in the batch of another type',
      params,
      { x: { data: [1, 2, 4], shape: [3] } },
      "batch 'x': expected an Int32Array",
    ],
    [
      'in the batch of another size',
      params,
      { x: { ...x, shape: [2, 2] } },
      "batch 'x': expected 4 elements for shape [2, 2], found 3",
    ],
    [
      'in the batch with a broken shape',
      params,
      { x: { ...x, shape: [1.5, 2] } },
      "batch 'x': expected a shape of whole extents",
    ],
    ['missing in the batch', params, { y: x }, "batch 'x' is missing; given: y;"],
  ])('%s', async (_, tree, batch, message) => {
    await expect(run(tree, batch)).rejects.toThrow(message)
  })
})

function given<A>(value: A | undefined): A {
  if (value === undefined) throw new Error('expected a value')
  return value
}
