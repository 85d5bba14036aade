import { expect, test } from 'vitest'
import { median, summarize, summarizeLosses } from './summary.js'

test('mean and sample standard deviation of a textbook sample', () => {
  // Σ = 40, deviations −3 −1 −1 −1 0 0 2 4, their squares add up to 32, divided by n − 1 = 7.
  const { mean, std, values } = summarize([2, 4, 4, 4, 5, 5, 7, 9])
  expect(mean).toBe(5)
  expect(std).toBeCloseTo(Math.sqrt(32 / 7), 14)
  expect(values).toEqual([2, 4, 4, 4, 5, 5, 7, 9])
})

test('one value has no spread, none has no mean', () => {
  expect(summarize([3])).toEqual({ mean: 3, std: null, values: [3] })
  expect(() => summarize([])).toThrow('values: expected at least one, found none')
})

test('losses are summarized each for itself, in the order of the seeds', () => {
  const summary = summarizeLosses([
    { fullPrecision: 1, nearest: 10, randomized: 100 },
    { fullPrecision: 3, nearest: 30, randomized: 300 },
  ])
  expect(summary.fullPrecision.values).toEqual([1, 3])
  expect(summary.nearest.mean).toBe(20)
  expect(summary.randomized.std).toBeCloseTo(Math.SQRT2 * 100, 12)
})

test('the median is the middle value, or the mean of the two middle ones', () => {
  expect([median([5, 1, 2]), median([4, 1, 2, 9]), median([])]).toEqual([2, 3, undefined])
})
