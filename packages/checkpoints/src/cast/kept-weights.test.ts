import { int4 } from '@lotion/formats'
import { expect, test } from 'vitest'
import { isKept, keptWeights } from './kept-weights.js'

test('a weight is kept up to the last bits of a scale that is computed again', () => {
  expect(isKept(0, -0)).toBe(true)
  expect(isKept(1, 1 + 2 ** -20)).toBe(true)
  expect(isKept(-1, -1 - 2 ** -19)).toBe(false)
  expect(isKept(2 ** -140, 0)).toBe(false)
  const kept = keptWeights('w', 3, int4)
  kept.look(Float32Array.of(1, 2), Float32Array.of(1, 3))
  kept.look(Float32Array.of(4), Float32Array.of(5))
  expect(() => kept.done()).toThrow(/'w': .* scale absmax, .* found 2 of 3 .* option 'again' to round/)
})
