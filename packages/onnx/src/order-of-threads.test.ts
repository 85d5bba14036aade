// The bits of values and gradients do not depend on threads: their number, or the order in which they come.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { indexedCases, summedCases } from './kernels/thread-cases.js'
import { differences } from './kernels/thread-results.js'
import { onnxEngine, type OnnxEngine } from './onnx-engine.js'

let one: OnnxEngine
let two: OnnxEngine
let three: OnnxEngine
beforeAll(async () => {
  one = await onnxEngine({ threads: 1, verifyFirstStep: false })
  two = await onnxEngine({ threads: 2, verifyFirstStep: false })
  three = await onnxEngine({ threads: 3, verifyFirstStep: false })
})
afterAll(() => Promise.all([one, two, three].map((engine) => engine.close())))

describe('what reads or adds by index computes the same again and again', () => {
  // Wide rows: onnxruntime gives a scatter to several threads only where rows are long, and it is they that would meet.
  const widest = indexedCases(1024).filter(({ name }) => name.startsWith('gather,'))
  it.each([...indexedCases(512), ...widest])('$name', async (comparison) => {
    expect(await differences(one, two, comparison, 30)).toBe(0)
  })
})

describe('what sums computes the same on any number of threads', () => {
  it.each(summedCases)('$name', async (comparison) => {
    expect(await differences(one, two, comparison, 1)).toBe(0)
    expect(await differences(one, three, comparison, 1)).toBe(0)
  })
})
