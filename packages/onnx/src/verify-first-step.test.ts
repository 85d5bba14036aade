// The check of a fresh trace: it finds wrong rules and impure functions, and steps aside where there is nothing to compare with.

import type { Batch, HostArray, Program } from '@lotion/core'
import * as tf from '@tensorflow/tfjs'
import { afterEach, describe, expect, it } from 'vitest'
import { defineKernel } from './kernels/kernel-rule.js'
import { onnxEngine, type OnnxEngine, type OnnxEngineOptions } from './onnx-engine.js'

const opened: OnnxEngine[] = []
const open = async (options: OnnxEngineOptions = {}): Promise<OnnxEngine> => {
  const engine = await onnxEngine({ threads: 1, ...options })
  opened.push(engine)
  return engine
}
afterEach(() => Promise.all(opened.splice(0).map((engine) => engine.close())))

/** ½ Σ x w² (gradient x·w), and a parameter that the loss does not touch. Exact in f32 for small integers. */
const quadratic: Program<tf.Tensor> = {
  name: 'quadratic',
  shapes: { w: [3], idle: [2] },
  loss: ({ w }, { x }) => tf.mul(tf.sum(tf.mul(given(x), tf.square(given(w)))), 0.5),
  terms: ({ x }) => x?.data.length ?? 0,
}
const x: HostArray = { data: Float32Array.of(1, 2, 4), shape: [3] }

describe('verification of the first step', () => {
  const wrong = defineKernel<'x'>('Square', (graph, { x: operand }) => graph.emit('Abs', [operand], operand))

  it('finds a wrong rule, and keeps refusing the step', async () => {
    const engine = await open({ kernels: [wrong] })
    const step = engine.gradients(quadratic)
    const params = engine.allocate(quadratic.shapes)
    params['w']?.fill(3)
    for (let i = 0; i < 2; i++) {
      await expect(step.run(params, { x })).rejects.toThrow(
        /disagrees with tfjs's cpu backend[^]*loss: relative error/,
      )
    }
  })

  it('checks the first step that succeeds, if an earlier one failed', async () => {
    const lookup: Program<tf.Tensor> = {
      name: 'lookup',
      shapes: { table: [3] },
      // Computed ids: those of the batch itself would be refused before the run.
      loss: ({ table }, { ids }) =>
        tf.sum(tf.square(tf.gather(given(table), tf.add(given(ids), tf.scalar(0, 'int32'))))),
      terms: () => 1,
    }
    const ids = (id: number): Batch => ({ ids: { data: Int32Array.of(id), shape: [1] } })
    const engine = await open({ kernels: [wrong] })
    const step = engine.gradients(lookup)
    const params = engine.allocate(lookup.shapes)
    params['table']?.fill(3)
    await expect(step.run(params, ids(7))).rejects.toThrow(/out of data bounds/)
    await expect(step.run(params, ids(1))).rejects.toThrow(/disagrees with tfjs's cpu backend/)
  })

  it('finds a function that depends on something else', async () => {
    let calls = 0
    const drifting = {
      ...quadratic,
      loss: (...args: Parameters<typeof quadratic.loss>) => tf.mul(quadratic.loss(...args), ++calls),
    }
    const engine = await open()
    const params = engine.allocate(quadratic.shapes)
    params['w']?.fill(1)
    await expect(engine.gradients(drifting).run(params, { x })).rejects.toThrow(
      "gradient of 'w': relative error",
    )
  })

  it('is skipped, with a warning, where tfjs cannot run the program', async () => {
    const cube = defineKernel<'x'>('LotionCube', (graph, { x: operand }) =>
      graph.emit('Mul', [operand, graph.emit('Mul', [operand, operand], operand)], operand),
    )
    const cubic: Program<tf.Tensor> = {
      ...quadratic,
      loss: (params) =>
        tf.sum(
          tf.customGrad((w) => ({
            value: tf.engine().runKernel<tf.Tensor>('LotionCube', { x: w as tf.Tensor }),
            gradFunc: (dy) => tf.mul(dy, tf.mul(3, tf.square(w as tf.Tensor))),
          }))(given(params['w'])),
        ),
    }
    const warnings: string[] = []
    const engine = await open({ kernels: [cube], onWarning: (message) => warnings.push(message) })
    const params = engine.allocate(quadratic.shapes)
    params['w']?.set([1, 2, 3])
    const { loss, gradients } = await engine.gradients(cubic).run(params, { x })
    expect([loss, ...(gradients['w'] ?? [])]).toEqual([36, 3, 12, 27])
    expect(warnings).toEqual([
      expect.stringMatching(/'quadratic': its first step was not checked.*LotionCube/),
    ])
  })

  it('can be switched off, and leaves the backend alone', async () => {
    const engine = await open({ kernels: [wrong], verifyFirstStep: false })
    const params = engine.allocate(quadratic.shapes)
    params['w']?.fill(3)
    const before = tf.getBackend()
    expect((await engine.gradients(quadratic).run(params, { x })).loss).toBe(10.5)
    expect(tf.getBackend()).toBe(before)
  })
})

function given(tensor: tf.Tensor | undefined): tf.Tensor {
  if (tensor === undefined) throw new Error('expected a tensor')
  return tensor
}
