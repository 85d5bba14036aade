// The long form of order-of-threads.test.ts: 500 runs at every width, and more threads than most machines
// have cores.

import { differences, indexedCases, sharedCases, summedCases } from '@lotion/test-kit/kernel-cases'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { onnxEngine, type OnnxEngine } from './onnx-engine.js'

let one: OnnxEngine
beforeAll(async () => {
  one = await onnxEngine({ threads: 1, verifyFirstStep: false })
})
afterAll(() => one.close())

describe('500 runs on two threads', () => {
  const widths = [64, 128, 256, 512, 768, 1024]
  it.each(widths.flatMap((width) => indexedCases(width)))('$name', async (comparison) => {
    const two = await onnxEngine({ threads: 2, verifyFirstStep: false })
    expect(await differences(one, two, comparison, 500)).toBe(0)
    await two.close()
  })
})

describe.each([2, 3, 4, 5, 8, 13, 16])('sums and shares on %i threads', (threads) => {
  it.each([...summedCases, ...sharedCases])('$name', async (comparison) => {
    const many = await onnxEngine({ threads, verifyFirstStep: false })
    expect(await differences(one, many, comparison, 2)).toBe(0)
    await many.close()
  })
})
