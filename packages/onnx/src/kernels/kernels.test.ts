// Every kernel rule against tfjs's cpu backend: values, and gradients where tfjs has them.

import { intList, kernelCases, valueOfTwo, type KernelCase } from '@lotion/test-kit/kernel-cases'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareWithEager } from '../compare-with-eager.js'
import { onnxEngine, type OnnxEngine } from '../onnx-engine.js'
import { builtInKernels } from './index.js'
import { defineKernel } from './kernel-rule.js'

// Both sides round to float32; transcendental kernels of onnxruntime are polynomials good to a few units in
// the last place (2⁻²⁴ ≈ 6e-8 each), and sums of some hundred terms differ in order.
const tolerance = 2e-6

const used = new Set<string>()
const recorded = builtInKernels.map((rule) => ({
  ...rule,
  lower: (...args: Parameters<typeof rule.lower>) => {
    used.add(rule.kernel)
    return rule.lower(...args)
  },
}))
let engine: OnnxEngine

beforeAll(async () => {
  engine = await onnxEngine({ threads: 1, verifyFirstStep: false, kernels: recorded })
})
afterAll(() => engine.close())

describe.each(Object.entries(kernelCases))('%s', (_, cases) => {
  it.each(cases)('$name', async (comparison) => {
    const { value, gradients } = await compareWithEager(engine, comparison)
    expect(value, 'value').toBeLessThanOrEqual(tolerance)
    expect(Object.keys(gradients)).toEqual(comparison.differentiate ?? [])
    for (const [name, error] of Object.entries(gradients))
      expect(error, `gradient by ${name}`).toBeLessThanOrEqual(tolerance)
  })
})

describe('a rule from outside', () => {
  const bitwiseAnd = defineKernel<'a' | 'b'>('BitwiseAnd', (graph, { a, b }) =>
    graph.emit('BitwiseAnd', [a, b], a),
  )
  const example: KernelCase = valueOfTwo('bitwiseAnd', tf.bitwiseAnd, intList([6, 5]), intList([3, 3]))

  it('is missing, then given', async () => {
    await expect(compareWithEager(engine, example)).rejects.toThrow("tfjs kernel 'BitwiseAnd' has no rule")
    const extended = await onnxEngine({ threads: 1, kernels: [bitwiseAnd] })
    expect((await compareWithEager(extended, example)).value).toBe(0)
    await extended.close()
  })
})

describe('coverage', () => {
  it('has exercised every rule', () => {
    const untested = builtInKernels.map(({ kernel }) => kernel).filter((kernel) => !used.has(kernel))
    expect(untested).toEqual([])
  })
})
