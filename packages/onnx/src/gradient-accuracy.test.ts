// Traced (both bindings) and eager gradients of every model against f64 central differences of an independent
// f64 loss.

import { type Batch, integers, normals, type Engine, type Program, type Tree } from '@lotion/core'
import { gelu, llama, mlp, relu, silu, tanh } from '@lotion/models'
import { centralDifferences, llamaLoss64, mlpLoss64 } from '@lotion/test-kit'
import { eagerEngine } from '@lotion/tfjs'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { onnxEngine, type OnnxEngine } from './onnx-engine.js'

interface Subject {
  readonly program: Program<tf.Tensor>
  readonly weights: Tree<Float32Array>
  readonly batch: Batch
  readonly loss64: (weights: Tree<ArrayLike<number>>) => number
}

// f32 rounding (6e-8 an operation) through a backward pass of some hundred operations, relative to the
// tensor's own size.
const gradientTolerance = 2e-5
const lossTolerance = 1e-6

const subjects: Readonly<Record<string, Subject>> = {
  'llama, multi-head, untied': decoder({
    vocabulary: 11,
    dimension: 8,
    layers: 2,
    heads: 2,
    hidden: 12,
    context: 6,
  }),
  'llama, grouped queries, tied': decoder({
    vocabulary: 11,
    dimension: 16,
    layers: 1,
    heads: 4,
    kvHeads: 2,
    hidden: 12,
    context: 7,
    tied: true,
  }),
  'mlp, gelu': classifier(gelu),
  'mlp, relu': classifier(relu),
  'mlp, silu': classifier(silu),
  'mlp, tanh': classifier(tanh),
}

const engines: Record<string, Engine<tf.Tensor, Float32Array>> = {}
const opened: OnnxEngine[] = []

beforeAll(async () => {
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
  for (const binding of ['native', 'node'] as const) {
    const engine = await onnxEngine({ binding, threads: 1, verifyFirstStep: false })
    opened.push(engine)
    engines[binding] = engine
  }
  engines['eager'] = eagerEngine()
})
afterAll(() => Promise.all(opened.map((engine) => engine.close())))

describe.each(['native', 'node', 'eager'])('%s', (kind) => {
  it.each(Object.entries(subjects))('%s', async (_, { program, weights, batch, loss64 }) => {
    const engine = engines[kind]
    if (engine === undefined) throw new Error(`engine '${kind}' did not open`)
    const step = engine.gradients(program)
    const { loss, terms, gradients } = await step.run(weights, batch)
    const expectedLoss = loss64(weights)
    expect(Math.abs(loss - expectedLoss) / expectedLoss).toBeLessThan(lossTolerance)
    expect(terms).toBe(batch['y']?.data.length)
    expect(Object.keys(gradients)).toEqual(Object.keys(program.shapes))
    for (const [name, gradient] of Object.entries(gradients)) {
      const elements = [0, 1, 2].map((i) => ({ name, index: (i * 37 + 5) % gradient.length }))
      const expected = centralDifferences(loss64, weights, elements)
      const size = Math.hypot(...gradient) / Math.sqrt(gradient.length)
      for (const [i, { index }] of elements.entries()) {
        const error = Math.abs((gradient[index] ?? Number.NaN) - (expected[i] ?? Number.NaN)) / size
        expect(error, `${name}[${index}]`).toBeLessThan(gradientTolerance)
      }
    }
    await step.close()
  })
})

function decoder(options: Parameters<typeof llama>[0]): Subject {
  const model = llama(options)
  const ids = (stream: string) => ({
    data: Int32Array.from(integers({ seed: 3, stream }, 12, options.vocabulary)),
    shape: [2, 6],
  })
  const batch = { x: ids('x'), y: ids('y') }
  // Away from the initial weights (gains ≠ 1, larger embeddings), so that no term of a gradient hides behind
  // a small factor.
  const weights = Object.fromEntries(
    Object.entries(model.init(5)).map(([name, values]) => {
      if (name.includes('norm')) return [name, values.map((w, i) => w + 0.3 * Math.sin(i))]
      return [name, name.includes('proj') ? values : values.map((w) => 25 * w)]
    }),
  )
  return { program: model, weights, batch, loss64: (w) => llamaLoss64(model.config, w, batch) }
}

function classifier(activation: typeof gelu): Subject {
  const model = mlp({ layers: [7, 6, 5, 3], activation })
  const batch = {
    x: { data: normals({ seed: 2, stream: 'x' }, 28), shape: [4, 7] },
    y: { data: Int32Array.of(0, 2, 1, 2), shape: [4] },
  }
  const weights = Object.fromEntries(
    Object.entries(model.init(4)).map(([name, values]) => [
      name,
      values.map((w, i) => w + 0.1 * Math.cos(i)),
    ]),
  )
  return { program: model, weights, batch, loss64: (w) => mlpLoss64(model.config, w, batch) }
}
