import { expect, it } from 'vitest'
import { pairedRatio, timesOf } from './times.js'

it('takes the middle of an odd count and the mean of the middle two of an even one', () => {
  expect(timesOf([5, 1, 9]).median).toBe(5)
  expect(timesOf([8, 1, 100, 4]).median).toBe(6)
})

it('keeps the range and the order of the rounds, in another unit if there is a factor', () => {
  expect(timesOf([10, 9, 100], 2)).toEqual({ median: 20, min: 18, max: 200, values: [20, 18, 200] })
})

it('refuses to summarize nothing', () => {
  expect(() => timesOf([])).toThrow('expected at least one measurement')
})

it('divides pair by pair: what a round does to both cancels', () => {
  expect(pairedRatio([2, 20, 200, 2000, 30], [1, 10, 100, 1000, 10])).toEqual({ median: 2, low: 2, high: 2 })
  expect(pairedRatio([1, 2, 3, 4], [1, 1, 1, 1])).toEqual({ median: 2.5, low: 1.75, high: 3.25 })
})

it('divides over the rounds that both took part in', () => {
  expect(pairedRatio([3], [2, 100])).toEqual({ median: 1.5, low: 1.5, high: 1.5 })
  expect(() => pairedRatio([1], [])).toThrow('under: expected a common round, found 1 and 0 rounds')
})
