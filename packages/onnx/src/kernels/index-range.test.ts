// Computed indices out of range are refused when a step runs, negative ones too: ONNX would count those from
// the end. (Arrays of a batch that are used as they come are checked before the step.)

import type { HostArray, Tree } from '@lotion/core'
import { floats, intList, present } from '@lotion/test-kit/kernel-cases'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { onnxEngine, type OnnxEngine } from '../onnx-engine.js'

let engine: OnnxEngine
beforeAll(async () => {
  engine = await onnxEngine({ threads: 1, verifyFirstStep: false })
})
afterAll(() => engine.close())

type Indexed = (x: tf.Tensor, ids: tf.Tensor) => tf.Tensor

const readers: Readonly<Record<string, Indexed>> = {
  gather: (x, ids) => tf.gather(x, ids),
  'gather along axis 1': (x, ids) => tf.gather(tf.transpose(x), ids, 1),
  'gather in batches': (x, ids) => tf.gather(tf.expandDims(x, 0), tf.expandDims(ids, 0), 1, 1),
  gatherND: (x, ids) => tf.gatherND(x, tf.expandDims(ids, 1)),
  'gatherND by two indices': (x, ids) => tf.gatherND(x, tf.stack([ids, tf.zerosLike(ids)], 1)),
  scatterND: (x, ids) => tf.scatterND(tf.expandDims(ids, 1), tf.slice(x, 0, 2), [4, 3]),
  'scatterND by two indices': (x, ids) =>
    tf.scatterND(tf.stack([tf.zerosLike(ids), ids], 1), tf.slice(x, 0, 2), [2, 4, 3]),
  tensorScatterUpdate: (x, ids) => tf.tensorScatterUpdate(x, tf.expandDims(ids, 1), tf.slice(x, 0, 2)),
}

describe.each(Object.entries(readers))('%s', (_, fn) => {
  const inputs = (id: number): Tree<HostArray> => ({ x: floats([4, 3]), ids: intList([1, id]) })
  const run = (id: number) =>
    engine
      .forward((_params, { x, ids }) => ({ y: fn(present(x), tf.sub(present(ids), tf.scalar(0, 'int32'))) }))
      .run({}, inputs(id))

  it('accepts the first and the last index', async () => {
    expect((await run(0))['y']).toBeDefined()
    expect((await run(3))['y']).toBeDefined()
  })

  it.each([-1, -4, -5, 4, 2 ** 31 - 1, -(2 ** 31)])('refuses %i', async (id) => {
    await expect(run(id)).rejects.toThrow(/out of (data )?bounds|invalid ind/)
  })
})
