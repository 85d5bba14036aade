// The bits of values and gradients do not depend on threads: their number, or the order in which they come. A
// part of the cases, a few runs each; order-of-threads.extended.test.ts has all of them, and which operators
// need cases is thread-coverage.test.ts' matter.

import { differences, indexedCases, sharedCases, summedCases } from '@lotion/test-kit/kernel-cases'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { onnxEngine, type OnnxEngine } from './onnx-engine.js'

let one: OnnxEngine
let two: OnnxEngine
let many: OnnxEngine
beforeAll(async () => {
  one = await onnxEngine({ threads: 1, verifyFirstStep: false })
  two = await onnxEngine({ threads: 2, verifyFirstStep: false })
  // More than some sums have parts.
  many = await onnxEngine({ threads: 13, verifyFirstStep: false })
})
afterAll(() => Promise.all([one, two, many].map((engine) => engine.close())))

describe('what reads or adds by index computes the same again and again', () => {
  // Wide rows: onnxruntime gives a scatter to several threads only where rows are long, and it is they that
  // would meet.
  const widest = indexedCases(1024).filter(({ name }) => name.startsWith('gather,'))
  it.each([...indexedCases(512), ...widest])('$name', async (comparison) => {
    expect(await differences(one, two, comparison, 4)).toBe(0)
  })
})

describe('what sums, or is shared among threads, computes the same on any number of them', () => {
  it.each([...summedCases, ...sharedCases].filter((_, i) => i % 8 === 0))('$name', async (comparison) => {
    expect(await differences(one, two, comparison, 1)).toBe(0)
    expect(await differences(one, many, comparison, 1)).toBe(0)
  })
})
