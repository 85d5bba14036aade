import { expect, it } from 'vitest'
import { peakMemory } from './peak-memory.js'

it('is at least what is resident, and stays when that is freed', () => {
  let block: Uint8Array | undefined = new Uint8Array(2 ** 26).fill(1)
  const high = peakMemory()
  // Linux counts pages of threads in portions of 64.
  expect(high).toBeGreaterThan(process.memoryUsage.rss() * 0.95)
  expect(high).toBeGreaterThan(block.length)
  block = undefined
  expect(peakMemory()).toBeGreaterThanOrEqual(high)
})
