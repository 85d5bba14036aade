// Language models of each kind, traced: loss and gradients are those of the eager engine.
import { mapTree, type Batch, type HostArray } from '@lotion/core'
import { dropoutBatches, gpt2, llama, type CausalModel } from '@lotion/models'
import { eagerEngine } from '@lotion/tfjs'
import { describe, expect, it } from 'vitest'
import { onnxEngine } from './onnx-engine.js'
import { traceGradients } from './trace/trace-program.js'

const extents = { vocabulary: 19, dimension: 16, layers: 1, heads: 4, context: 12 }

const models: Readonly<Record<string, CausalModel>> = {
  llama: llama(extents),
  'llama, linear positions, biases': llama({
    ...extents,
    kvHeads: 1,
    biases: ['qkv', 'output', 'mlp'],
    ropeScaling: { type: 'linear', factor: 2 },
  }),
  'llama 3': llama({
    ...extents,
    kvHeads: 2,
    tied: true,
    ropeScaling: {
      type: 'llama3',
      factor: 4,
      lowFrequencyFactor: 1,
      highFrequencyFactor: 4,
      originalContext: 64,
    },
  }),
  'qwen 2': llama({ ...extents, kvHeads: 2, biases: ['qkv'] }),
  'qwen 3': llama({ ...extents, kvHeads: 2, headDimension: 6, qkNorm: true }),
  'gpt 2': gpt2(extents),
  'gpt 2 without biases': gpt2({ ...extents, biases: false, tied: false }),
}

const ids = (from: number): HostArray => ({
  data: Int32Array.from({ length: 24 }, (_, i) => (i * i + from) % 19),
  shape: [2, 12],
})
const whole: Batch = { x: ids(0), y: ids(3) }
// Rows of several documents, one of which comes back.
const packed: Batch = {
  ...whole,
  segments: { data: Int32Array.from({ length: 24 }, (_, i) => (i % 12 < 5 ? 1 : 2)), shape: [2, 12] },
}

describe.each(Object.entries(models))('%s', (_, model) => {
  it.each([
    ['whole rows', whole],
    ['rows of two documents', packed],
    ['rows of two documents, dropout', 'dropout' as const],
  ])('is traced as it is evaluated eagerly: %s', async (_rows, given) => {
    const batch =
      given === 'dropout' ? dropoutBatches({ model, rate: 0.25, seed: 1, batches: () => packed })(3) : given
    const params = model.init(7)
    const expected = await eagerEngine().gradients(model).run(params, batch)
    const engine = await onnxEngine({ threads: 1, verifyFirstStep: false })
    const found = await engine.gradients(model).run(params, batch)
    // f32, other orders of sums.
    expect(Math.abs(found.loss - expected.loss)).toBeLessThan(2e-6)
    for (const [name, gradient] of Object.entries(expected.gradients)) {
      const scale = Math.hypot(...gradient) / Math.sqrt(gradient.length)
      const other = found.gradients[name]!
      const distance = gradient.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i]!)), 0)
      expect(distance / scale, name).toBeLessThan(2e-5)
    }
    await engine.close()
  })

  it('gives the gradients that are asked for the bits that they have among all, by a smaller graph', async () => {
    const of = Object.keys(model.shapes).filter((name) => /v_proj|c_attn|norm|ln_f/.test(name))
    expect(of.length).toBeGreaterThan(0)
    const params = model.init(7)
    const engine = await onnxEngine({ threads: 1, verifyFirstStep: true })
    const all = await engine.gradients(model).run(params, packed)
    const some = await engine.gradients(model, of).run(params, packed)
    expect(some.loss).toBe(all.loss)
    expect(Object.keys(some.gradients)).toEqual(of)
    for (const name of of) expect(some.gradients[name], name).toEqual(all.gradients[name])
    const eager = await eagerEngine().gradients(model, of).run(params, packed)
    expect(Object.keys(eager.gradients)).toEqual(of)
    const ports = mapTree(packed, ({ shape }) => ({ shape, dtype: 'int32' as const }))
    const nodes = (wanted?: readonly string[]) => traceGradients(model, ports, {}, wanted).graph.nodes.length
    expect(nodes(of)).toBeLessThan(nodes() - 10)
    await engine.close()
  })
})

it('refuses gradients of what is no parameter', async () => {
  const engine = await onnxEngine({ threads: 1 })
  const model = models['gpt 2']!
  for (const each of [engine, eagerEngine()])
    expect(() => each.gradients(model, ['transformer.wte.weight', 'wte'])).toThrow(
      /^program 'gpt2': expected gradients of its parameters, transformer\.wte\.weight, .*, found 'wte'; correct the name$/,
    )
  await engine.close()
})
