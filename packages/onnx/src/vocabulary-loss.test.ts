// A decoder whose logits are too many to be there at once: the loss in pieces, traced. Its gradients are
// those of all logits at once, its bits those of any number of threads.

import { leafOf, type Batch, type GradientResult, type Program, type Tree } from '@lotion/core'
import { crossEntropy, llama } from '@lotion/models'
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { onnxEngine } from './onnx-engine.js'
import { traceForward, traceGradients } from './trace/index.js'

// 1.2 · 2^24 logits: three pieces of at most 2^23.
const [B, T] = [3, 50]
const extents = { vocabulary: 2 ** 17, dimension: 4, layers: 1, heads: 1, context: T }
const ids = (step: number) => ({
  data: Int32Array.from({ length: B * T }, (_, i) => (i * i * step) % extents.vocabulary),
  shape: [B, T],
})
const batch: Batch = { x: ids(7919), y: ids(104729) }
const ports = { x: { shape: [B, T], dtype: 'int32' }, y: { shape: [B, T], dtype: 'int32' } } as const

async function gradients(
  program: Program<tf.Tensor>,
  init: Tree<Float32Array>,
  threads: number,
): Promise<GradientResult<Float32Array>> {
  const engine = await onnxEngine({ threads, verifyFirstStep: false })
  try {
    const params = engine.allocate(program.shapes)
    for (const [name, values] of Object.entries(init)) leafOf(params, name, 'params').set(values)
    const { loss, terms, gradients: found } = await engine.gradients(program).run(params, batch)
    return {
      loss,
      terms,
      gradients: Object.fromEntries(
        Object.entries(found).map(([name, values]) => [name, new Float32Array(values)]),
      ),
    }
  } finally {
    await engine.close()
  }
}

it.each([
  ['tied', true],
  ['untied', false],
])('%s: as of all logits at once, with the same bits on any number of threads', async (_, tied) => {
  const model = llama({ ...extents, tied })
  const whole: Program<tf.Tensor> = {
    ...model,
    loss: (params, inputs) =>
      crossEntropy(
        tf.reshape(model.logits(params, inputs), [B * T, extents.vocabulary]),
        tf.reshape(leafOf(inputs, 'y', 'batch'), [-1]),
      ),
  }
  const [expected, found, shared] = [
    await gradients(whole, model.init(1), 1),
    await gradients(model, model.init(1), 1),
    await gradients(model, model.init(1), 3),
  ]
  expect(shared.loss).toBe(found.loss)
  expect(Math.abs(found.loss - expected.loss)).toBeLessThan(2e-6)
  for (const [name, gradient] of Object.entries(expected.gradients)) {
    const other = found.gradients[name]!
    let [square, distance] = [0, 0]
    gradient.forEach((value, i) => {
      square += value * value
      distance += (value - other[i]!) ** 2
    })
    expect(Buffer.from(shared.gradients[name]!.buffer).equals(Buffer.from(other.buffer)), name).toBe(true)
    // f32, another order of sums.
    expect(Math.sqrt(distance / square), name).toBeLessThan(2e-6)
  }
})

it('takes pieces under a tape and without one, and one product where logits are few', () => {
  const count = (graph: { readonly nodes: readonly { readonly op: string }[] }) =>
    graph.nodes.filter(({ op }) => op === 'Softmax').length
  const model = llama(extents)
  // One softmax of the only layer.
  expect(count(traceGradients(model, ports).graph)).toBe(1 + 3)
  const loss = traceForward('loss', (p, b) => ({ loss: model.loss(p, b) }), model.shapes, ports)
  expect(count(loss.graph)).toBe(1 + 3)
  // Without gradients a step has no product that makes one.
  expect(loss.graph.nodes.length).toBeLessThan(traceGradients(model, ports).graph.nodes.length / 2)
  expect(count(traceGradients(llama({ ...extents, vocabulary: 2 ** 15 }), ports).graph)).toBe(1 + 1)
})
