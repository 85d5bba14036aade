// Losses of different tokenizers, by the bytes of their text.

import { expect, test } from 'vitest'
import { bitsPerByte, bitsPerByteLine } from './bits-per-byte.js'

const loss = { name: 'validation loss', unit: 'nats per token', meaning: '' }
const compared = (method: string, mean: number, bytesPerToken?: number) => ({
  method,
  nearest: { mean, std: null, values: [mean] },
  config: bytesPerToken === undefined ? {} : { bytesPerToken },
})

test('each loss is divided by the bytes of its own tokens', () => {
  // Two bits a token of four bytes, one bit a token of one.
  const four = compared('four', 2 * Math.LN2, 4)
  const one = compared('one', Math.LN2, 1)
  expect(bitsPerByte(four, loss)).toBe(0.5)
  expect(bitsPerByteLine([four, one, compared('old', 1)], loss)).toBe(
    'Bits a byte after the nearest cast: four 0.5000, one 1.000.',
  )
  expect(bitsPerByte(compared('bytes', Math.LN2), { ...loss, unit: 'nats per byte' })).toBe(1)
})

test('nothing is said of what diverged, nor of losses that are of no text', () => {
  expect(bitsPerByte(compared('lost', Infinity, 4), loss)).toBeUndefined()
  expect(bitsPerByteLine([compared('a', 1, 4)], { name: 'loss', meaning: '' })).toBeUndefined()
  expect(bitsPerByteLine([compared('a', 1)], loss)).toBeUndefined()
})
