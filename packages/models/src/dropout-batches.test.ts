// Dropout by key: what is drawn, how often, and that a batch without factors has none.

import type { Batch } from '@lotion/core'
import { expect, test } from 'vitest'
import { dropoutBatches } from './dropout-batches.js'
import { gpt2 } from './gpt2.js'

const model = gpt2({ vocabulary: 11, dimension: 16, layers: 2, heads: 4, context: 8 })
const ids = (rows: number) => ({ data: new Int32Array(rows * 8), shape: [rows, 8] })
const batches = (rows: number) => (): Batch => ({ x: ids(rows), y: ids(rows) })
const draw = (rate: number, seed = 1, rows = 6) =>
  dropoutBatches({ model, rate, seed, batches: batches(rows) })

test('gives each place its factors, of the batch’s rows, so that parts have theirs', () => {
  expect(Object.fromEntries(Object.entries(draw(0.1)(0)).map(([name, { shape }]) => [name, shape]))).toEqual({
    x: [6, 8],
    y: [6, 8],
    'dropout.embedding': [6, 8, 16],
    'dropout.0.scores': [6, 4, 8, 8],
    'dropout.0.attention': [6, 8, 16],
    'dropout.0.feedForward': [6, 8, 16],
    'dropout.1.scores': [6, 4, 8, 8],
    'dropout.1.attention': [6, 8, 16],
    'dropout.1.feedForward': [6, 8, 16],
  })
})

test('draws by seed, step and place alone, 0 as often as is asked for', () => {
  const [rate, rows] = [0.25, 40]
  const { x: _x, y: _y, ...factors } = draw(rate, 3, rows)(7)
  const all = Object.values(factors).map(({ data }) => data)
  for (const data of all) expect(new Set(data)).toEqual(new Set([0, Math.fround(4 / 3)]))
  const numbers = all.flatMap((data) => Array.from(data))
  const zeros = numbers.filter((value) => value === 0).length / numbers.length
  // Five standard deviations of 45,000 draws.
  expect(Math.abs(zeros - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / numbers.length))
  expect(draw(rate, 3, rows)(7)).toEqual(draw(rate, 3, rows)(7))
  const text = (data: ArrayLike<number>): string => Array.from(data).join()
  const [a, b] = ['dropout.0.attention', 'dropout.1.attention'].map((name) => text(factors[name]!.data))
  expect(a).not.toBe(b)
  for (const other of [draw(rate, 4, rows)(7), draw(rate, 3, rows)(8)])
    expect(text(other['dropout.0.attention']!.data)).not.toBe(a)
})

test('is nothing at 0, and refuses what is no probability', () => {
  const given = batches(2)
  expect(dropoutBatches({ model, rate: 0, seed: 1, batches: given })).toBe(given)
  for (const rate of [1, -0.1, NaN])
    expect(() => draw(rate)).toThrow(`rate: expected a number of at least 0 and below 1, found ${rate}`)
})
