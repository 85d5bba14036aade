import { totalmem } from 'node:os'
import { expect, it } from 'vitest'
import { bytesText, hostMemory } from './host-memory.js'

it('has the limit of the machine or of the container, whichever is less', () => {
  const constrained = process.constrainedMemory() || Infinity
  expect(hostMemory.limit()).toBe(Math.min(totalmem(), constrained))
  expect(hostMemory.resident()).toBeGreaterThan(2 ** 20)
})

it('counts buffers that are held', () => {
  const before = hostMemory.buffers()
  const held = new Float32Array(2 ** 24)
  expect(hostMemory.buffers()).toBeGreaterThanOrEqual(Math.min(before, held.byteLength))
})

it.each([
  [0, '0 bytes'],
  [1023, '1023 bytes'],
  [1536, '1.50 KiB'],
  [1023 * 2 ** 20, '1023 MiB'],
  [2.5 * 2 ** 30, '2.50 GiB'],
  [2 ** 70, '1.00 ZiB'],
])('says %d as %s', (bytes, text) => expect(bytesText(bytes)).toBe(text))
