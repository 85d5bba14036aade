// Ids are checked where kernels use them, on backends that would not say so themselves; nothing of the watch
// is left behind.

import type { Batch, Program } from '@lotion/core'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { eagerEngine } from './eager-engine.js'
import { registerWasmKernels } from './wasm/register-wasm-kernels.js'

tf.env().set('PROD', true)

/** Ids reach a lookup, a nested lookup and a one-hot encoding by way of shapes, orders and casts. */
const program: Program<tf.Tensor> = {
  name: 'lookups',
  shapes: { table: [4, 2] },
  loss: ({ table }, { rows, nested, classes }) => {
    const found = tf.gather(table!, tf.expandDims(tf.reshape(rows!, [2]), 0))
    const chosen = tf.gatherND(tf.ones([4, 2]), nested!)
    const hot = tf.oneHot(tf.transpose(classes!), 3, 1, 0, 'int32')
    return tf.add(tf.add(tf.sum(found), tf.sum(chosen)), tf.sum(tf.cast(hot, 'float32')))
  },
  terms: () => 1,
}

const batch = (rows: readonly number[], nested: readonly number[], classes: readonly number[]): Batch => ({
  rows: { data: Int32Array.from(rows), shape: [2, 1] },
  nested: { data: Int32Array.from(nested), shape: [2, 1] },
  classes: { data: Int32Array.from(classes), shape: [1, 2] },
})

describe.each(['cpu', 'wasm'])('on the backend %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend)
    // The gradient of a lookup, which the backend lacks.
    if (backend === 'wasm') registerWasmKernels()
  })

  it.each([
    [batch([0, 4], [0, 1], [0, 1]), "batch 'rows'[1, 0]: expected an id from 0 to 3, found 4"],
    [batch([0, 1], [-1, 1], [0, 1]), "batch 'nested'[0, 0]: expected an id from 0 to 3, found -1"],
    [batch([0, 1], [0, 1], [0, 3]), "batch 'classes'[0, 1]: expected an id from 0 to 2, found 3"],
  ])('refuses what a table does not hold', async (bad, message) => {
    const step = eagerEngine().gradients(program)
    const params = { table: new Float32Array(8) }
    const before = tf.memory().numTensors
    await expect(step.run(params, bad)).rejects.toThrow(message)
    expect(tf.memory().numTensors).toBe(before)
    expect(Object.hasOwn(tf.engine(), 'runKernel')).toBe(false)
    expect((await step.run(params, batch([3, 0], [3, 0], [2, 0]))).loss).toBe(6)
  })
})
