import { llama } from '@lotion/models'
import { expect, test } from 'vitest'
import { languageBytes, refuseLanguageTooLarge } from './language-memory.js'

const extents = { batch: 2, context: 8, dimension: 16, layers: 3, heads: 2, hidden: 64 }
const { batch: _, ...sizes } = extents
const model = llama({ vocabulary: 256, ...sizes })
const memory = (limit: number) => ({
  limit: () => limit,
  resident: () => 0,
  buffers: () => 0,
  collectAt: () => 0,
})

test('counts six copies of the weights and what the backward pass reads', () => {
  // Logits 256; a layer 3 · 16 + 2 · 8 + 2 · 64 = 192, three times; 16 tokens of 4 bytes.
  expect(languageBytes(model, extents)).toEqual({
    weights: 24 * model.parameterCount,
    activations: 4 * 16 * (256 + 3 * 192),
  })
})

test('refuses what cannot fit, and says what to lower', () => {
  const { weights, activations } = languageBytes(model, extents)
  const check = (limit: number, processes?: number) => () =>
    refuseLanguageTooLarge(model, extents, { memory: memory(limit), ...(processes ? { processes } : {}) })
  expect(check(weights + activations)).not.toThrow()
  expect(check(3 * (weights + activations), 3)).not.toThrow()
  expect(check(3 * (weights + activations) - 1, 3)).toThrow(
    /^model: expected one that trains in 3 processes in the .* activations of a step 156 KiB\); lower --workers, --dimension or --layers$/,
  )
  expect(check(weights + activations - 1)).toThrow(
    /^model: expected one that trains in the [\d.]+ KiB of memory .* \(weights, gradients and state [\d.]+ KiB, activations of a step 52\.0 KiB\); lower --dimension or --layers$/,
  )
})
