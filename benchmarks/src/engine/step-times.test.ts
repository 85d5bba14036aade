import { expect, it } from 'vitest'
import { stepTimes } from './step-times.js'

it('takes the middle of an odd count and the mean of the middle two of an even one', () => {
  expect(stepTimes([5, 1, 9]).median).toBe(5)
  expect(stepTimes([8, 1, 100, 4]).median).toBe(6)
})

it('keeps the range and the order of the rounds', () => {
  expect(stepTimes([10, 9, 100])).toEqual({ median: 10, min: 9, max: 100, values: [10, 9, 100] })
})

it('refuses to summarize nothing', () => {
  expect(() => stepTimes([])).toThrow('expected at least one measurement')
})
