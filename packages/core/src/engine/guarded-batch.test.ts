// The guard against missing batch arrays: silent on everything that is there, loud by name on what is not.

import { expect, it } from 'vitest'
import { guardedBatch } from './guarded-batch.js'

it('reads, lists, spreads and asks like the plain record', () => {
  const batch = guardedBatch({ x: 1, y: 2 })
  const { x, ...others } = batch
  expect([x, others, Object.keys(batch)]).toEqual([1, { y: 2 }, ['x', 'y']])
  expect(['x' in batch, 'mask' in batch]).toEqual([true, false])
})

it('names an array that is missing, and those given', () => {
  expect(() => guardedBatch({ x: 1, y: 2 })['mask']).toThrow(
    "batch 'mask' is missing; given: x, y; pass every",
  )
  expect(() => guardedBatch<number>({})['x']).toThrow("batch 'x' is missing; given: nothing;")
})
