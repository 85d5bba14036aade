// The check of a fresh trace: it finds wrong rules and impure functions, and steps aside where there is
// nothing to compare with.

import { type Batch, type HostArray, normals, type Program } from '@lotion/core'
import { eagerEngine } from '@lotion/tfjs'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
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

  it('names overflow as the cause, and checks the next step instead', async () => {
    const warnings: string[] = []
    const engine = await open({ onWarning: (message) => warnings.push(message) })
    const step = engine.gradients(quadratic)
    const params = engine.allocate(quadratic.shapes)
    params['w']?.fill(1e38)
    expect((await step.run(params, { x })).loss).toBe(Number.POSITIVE_INFINITY)
    expect(warnings).toEqual([
      expect.stringMatching(
        /not checked, because it overflows float32, in tfjs too: the loss is Infinity; the largest weight is 1\.00e\+38, in 'w'/,
      ),
    ])
    params['w']?.fill(3)
    await step.run(params, { x })
    params['w']?.fill(1e38)
    await step.run(params, { x })
    expect(warnings).toHaveLength(1)
  })

  it('names overflow where one side alone overflows', async () => {
    const engine = await open({ kernels: [wrong] })
    const params = engine.allocate(quadratic.shapes)
    params['w']?.fill(1e30)
    await expect(engine.gradients(quadratic).run(params, { x })).rejects.toThrow(
      /loss: relative error Infinity[^]*Overflow: the loss is Infinity in tfjs alone[^]*1\.00e\+30, in 'w'/,
    )
  })

  it('is an error where it is asked for and cannot be made, at every step', async () => {
    const engine = await open({ verifyFirstStep: true })
    const step = engine.gradients(quadratic)
    const params = engine.allocate(quadratic.shapes)
    params['w']?.fill(1e38)
    for (let i = 0; i < 2; i++) {
      await expect(step.run(params, { x })).rejects.toThrow(
        /not checked, because it overflows.*verifyFirstStep: true asks for a check/,
      )
    }
    params['w']?.fill(3)
    expect((await step.run(params, { x })).loss).toBe(31.5)
  })

  it('allows for the rounding of sums that cancel', async () => {
    // Σ ±w is 0.1 of 4096 terms around 2: rounding errors are in its third digit. tfjs adds in f64.
    const count = 4096
    const pairs = normals({ seed: 1, stream: 'pairs' }, count / 2)
    const cancelling: Program<tf.Tensor> = {
      name: 'cancelling',
      shapes: { w: [count] },
      loss: ({ w }, { signs }) => tf.square(tf.sum(tf.mul(given(signs), given(w)))),
      terms: () => 1,
    }
    const signs = { data: Float32Array.from({ length: count }, (_, i) => (i % 2 ? -1 : 1)), shape: [count] }
    const params = { w: Float32Array.from({ length: count }, (_, i) => 2 + (pairs[i >> 1] ?? 0)) }
    params.w[0] = (params.w[0] ?? 0) + 0.1
    const unchecked = await open({ verifyFirstStep: false })
    const { gradients } = await unchecked.gradients(cancelling).run(params, { signs })
    const eager = await eagerEngine().gradients(cancelling).run(params, { signs })
    const found = gradients['w']?.[0] ?? Number.NaN
    const expected = eager.gradients['w']?.[0] ?? Number.NaN
    // Otherwise there is nothing to allow for.
    expect(Math.abs(found / expected - 1)).toBeGreaterThan(1e-5)
    const engine = await open({ verifyFirstStep: true })
    await expect(engine.gradients(cancelling).run(params, { signs })).resolves.toBeDefined()
    const scaled = (by: number) =>
      defineKernel<'x'>('Sum', (graph, { x: operand }) =>
        graph.emit(
          'Mul',
          [
            graph.emit('ReduceSum', [operand], { shape: [], dtype: 'float32' }, { keepdims: { int: 0 } }),
            graph.scalar(by),
          ],
          { shape: [], dtype: 'float32' },
        ),
      )
    // The loss is off by 6 and by 21 %; 1 % is allowed, and up to ten times that may be amplified rounding.
    const causes = {
      1.03: 'Likely the order of sums: these tensors are small rests',
      1.1: 'A kernel rule is wrong',
    }
    for (const [by, cause] of Object.entries(causes)) {
      const off = await open({ verifyFirstStep: true, kernels: [scaled(Number(by))] })
      await expect(off.gradients(cancelling).run(params, { signs })).rejects.toThrow(
        new RegExp(`disagrees[^]*${cause}`),
      )
    }
  })

  it('takes a slice of a batch that would take long', async () => {
    const rows = new Set<number>()
    const images = 256
    const convolution: Program<tf.Tensor> = {
      name: 'convolution',
      shapes: { filter: [5, 5, 1, 4] },
      loss: ({ filter }, { pixels }) => {
        rows.add(given(pixels).shape[0] ?? 0)
        const y = tf.conv2d(given(pixels) as tf.Tensor4D, given(filter) as tf.Tensor4D, 1, 'valid')
        return tf.mean(tf.square(y))
      },
      terms: ({ pixels }) => pixels?.shape[0] ?? 0,
    }
    const pixels = { data: normals({ seed: 1, stream: 'x' }, images * 20 * 20), shape: [images, 20, 20, 1] }
    const params = { filter: normals({ seed: 1, stream: 'filter' }, 100) }
    const engine = await open()
    const { terms } = await engine.gradients(convolution).run(params, { pixels })
    expect(terms).toBe(images)
    // The trace saw the whole batch; the check, traced and eager, a part of it.
    expect([...rows]).toEqual([images, expect.any(Number)])
    const [, part = 0] = rows
    expect(part).toBeGreaterThan(0)
    expect(part).toBeLessThan(images)
    const broken = await open({ kernels: [wrong] })
    await expect(broken.gradients(convolution).run(params, { pixels })).rejects.toThrow(/disagrees/)
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
