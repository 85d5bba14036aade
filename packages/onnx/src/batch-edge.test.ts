// What a batch may hold: both engines refuse the same batches in the same words, before anything is computed.

import type { Batch, Engine, HostArray, Program, Tree } from '@lotion/core'
import { llama, mlp } from '@lotion/models'
import { eagerEngine } from '@lotion/tfjs'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { onnxEngine, type OnnxEngine } from './onnx-engine.js'

const ids = (values: readonly number[], shape: readonly number[] = [values.length]): HostArray => ({
  data: Int32Array.from(values),
  shape,
})
const features = (rows: number): HostArray => ({
  data: new Float32Array(rows * 2).fill(0.5),
  shape: [rows, 2],
})

const perceptron = mlp({ layers: [2, 3] })
const decoder = llama({ vocabulary: 16, dimension: 8, layers: 1, heads: 2, context: 4 })

/** A program that declares nothing: ids reach a lookup through a reshape, classes a one-hot encoding. */
const plain: Program<tf.Tensor> = {
  name: 'plain',
  shapes: { table: [5, 3] },
  loss: ({ table }, { x, y }) => {
    const rows = tf.gather(table!, tf.reshape(x!, [-1]))
    const classes = tf.cast(tf.oneHot(tf.cast(y!, 'int32'), 3, 1, 0, 'int32'), 'float32')
    return tf.mean(tf.square(tf.sub(rows, classes)))
  },
  terms: () => 1,
}
/** The same with a class that stands for none. */
const declared: Program<tf.Tensor> = { ...plain, name: 'declared', ids: { y: { below: 3, ignore: -1 } } }

/** A "cross-entropy" that falls without end. */
const bottomless: Program<tf.Tensor> = {
  name: 'bottomless',
  shapes: { w: [2] },
  loss: ({ w }, { x }) => tf.sub(tf.mean(tf.mul(w!, x!)), 1),
  terms: () => 1,
  leastLoss: 0,
}

const cases: readonly (readonly [string, Program<tf.Tensor>, Batch, string])[] = [
  [
    'a class too many',
    perceptron,
    { x: features(3), y: ids([0, 3, 1]) },
    "batch 'y'[1]: expected an id from 0 to 2, or -100 for none, found 3",
  ],
  [
    'a negative class',
    perceptron,
    { x: features(2), y: ids([0, -1]) },
    "batch 'y'[1]: expected an id from 0 to 2, or -100 for none, found -1",
  ],
  [
    'classes of which none counts',
    perceptron,
    { x: features(2), y: ids([-100, -100]) },
    "batch 'y': expected at least one id that is not -100, found none",
  ],
  [
    'classes that are no integers',
    perceptron,
    { x: features(2), y: { data: Float32Array.of(0, 1), shape: [2] } },
    "batch 'y': expected an Int32Array of ids, found a Float32Array",
  ],
  [
    'no examples',
    perceptron,
    { x: features(0), y: ids([]) },
    "batch 'x': expected at least one value, found shape [0, 2]",
  ],
  [
    'token −1',
    decoder,
    { x: ids([1, 2, -1, 3], [2, 2]), y: ids([1, 2, 3, 4], [2, 2]) },
    "batch 'x'[1, 0]: expected an id from 0 to 15, found -1",
  ],
  [
    'a token beyond the vocabulary',
    decoder,
    { x: ids([1, 2, 3, 16], [2, 2]), y: ids([1, 2, 3, 4], [2, 2]) },
    "batch 'x'[1, 1]: expected an id from 0 to 15, found 16",
  ],
  [
    'a target beyond the vocabulary',
    decoder,
    { x: ids([1, 2], [1, 2]), y: ids([16, 2], [1, 2]) },
    "batch 'y'[0, 0]: expected an id from 0 to 15, or -100 for none, found 16",
  ],
  [
    'an undeclared id −1',
    plain,
    { x: ids([4, -1], [2, 1]), y: ids([0, 1]) },
    "batch 'x'[1, 0]: expected an id from 0 to 4, found -1",
  ],
  [
    'an undeclared id too large',
    plain,
    { x: ids([5, 1], [2, 1]), y: ids([0, 1]) },
    "batch 'x'[0, 0]: expected an id from 0 to 4, found 5",
  ],
  [
    'an undeclared class',
    plain,
    { x: ids([4, 0], [2, 1]), y: ids([0, 3]) },
    "batch 'y'[1]: expected an id from 0 to 2, found 3",
  ],
  [
    'a loss below the lowest',
    bottomless,
    { x: { data: Float32Array.of(1, 1), shape: [2] } },
    "program 'bottomless': expected a loss of at least 0, found -1",
  ],
]

const zeros = (program: Program<tf.Tensor>): Record<string, Float32Array> =>
  Object.fromEntries(
    Object.entries(program.shapes).map(([name, shape]) => [
      name,
      new Float32Array(shape.reduce((n, extent) => n * extent, 1)),
    ]),
  )

describe.each(['eager', 'traced'])('%s', (name) => {
  let engine: Engine<tf.Tensor, Float32Array>
  let traced: OnnxEngine | undefined
  beforeAll(async () => {
    await tf.setBackend('cpu')
    if (name === 'traced') traced = await onnxEngine({ threads: 1 })
    engine = traced ?? eagerEngine()
  })
  afterAll(() => traced?.close())

  it.each(cases)('refuses %s', async (_, program, batch, message) => {
    const step = engine.gradients(program)
    await expect(step.run(zeros(program), batch)).rejects.toThrow(message)
    // Refused again: what the first run learned does not let the second pass.
    await expect(step.run(zeros(program), batch)).rejects.toThrow(message)
    await step.close()
  })

  it('goes on after a refusal, and checks every batch', async () => {
    const step = engine.gradients(plain)
    const run = (x: readonly number[]) => step.run(zeros(plain), { x: ids(x, [2, 1]), y: ids([0, 1]) })
    await expect(run([0, 5])).rejects.toThrow("batch 'x'[1, 0]")
    // Targets 1 in 2 of 6 places, rows of zeros.
    expect((await run([0, 4])).loss).toBeCloseTo(1 / 3, 6)
    await expect(run([-5, 0])).rejects.toThrow("batch 'x'[0, 0]")
    await step.close()
  })

  it('takes a class that is declared to stand for none', async () => {
    const step = engine.gradients(declared)
    const { loss } = await step.run(zeros(declared), { x: ids([0, 1], [2, 1]), y: ids([-1, 1]) })
    expect(loss).toBeCloseTo(1 / 6, 6)
    await step.close()
  })

  it('takes targets of −100 and counts the others', async () => {
    const step = engine.gradients(perceptron)
    const { loss, terms } = await step.run(zeros(perceptron), { x: features(3), y: ids([-100, 2, -100]) })
    expect(terms).toBe(1)
    expect(loss).toBeCloseTo(Math.log(3), 6)
    await step.close()
  })

  it('takes targets of −100 in a forward function that declares them, and holds it to the rest', async () => {
    const fn = (params: Tree<tf.Tensor>, batch: Tree<tf.Tensor>) => ({ loss: perceptron.loss(params, batch) })
    const params = engine.allocate(perceptron.shapes)
    const targets = (...y: readonly number[]): Batch => ({ x: features(3), y: ids(y) })
    const undeclared = engine.forward(fn, 'undeclared')
    await expect(undeclared.run(params, targets(-100, 2, -100))).rejects.toThrow(
      "batch 'y'[0]: expected an id from 0 to 2, found -100",
    )
    const step = engine.forward(fn, 'loss', perceptron.ids)
    const { loss } = await step.run(params, targets(-100, 2, -100))
    expect(loss![0]).toBeCloseTo(Math.log(3), 6)
    await expect(step.run(params, targets(-100, 3, 0))).rejects.toThrow(
      "batch 'y'[1]: expected an id from 0 to 2, or -100 for none, found 3",
    )
    await expect(step.run(params, targets(-100, -100, -100))).rejects.toThrow(
      "batch 'y': expected at least one id that is not -100, found none",
    )
    await undeclared.close()
    await step.close()
  })

  it('holds a forward function to its tables', async () => {
    const step = engine.forward((_, { ids: given }) => ({ y: tf.gather(tf.range(0, 3), given!) }), 'lookup')
    const run = (id: number) => step.run({}, { ids: ids([id]) })
    await expect(run(-1)).rejects.toThrow("batch 'ids'[0]: expected an id from 0 to 2, found -1")
    expect(await run(2)).toEqual({ y: Float32Array.of(2) })
    await step.close()
  })
})
