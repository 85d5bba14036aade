import { expect, test } from 'vitest'
import { standings } from './standings.js'

const column = (values: readonly number[], first = 0) => new Map(values.map((value, i) => [first + i, value]))

test('columns are compared seed by seed, not spread by spread', () => {
  const problem = [1, 5, 9, 13]
  // Worse by .1 ± .01 on every problem: told apart although the problems themselves differ by far more.
  const surely = column(problem.map((value, i) => value + 0.1 + (i % 2 ? 0.01 : -0.01)))
  // Differences −1, 1, −1, 1.2: mean .05, standard error .61.
  const hardly = column(problem.map((value, i) => value + [-1, 1, -1, 1.2][i]!))
  expect(standings([surely, column(problem), hardly])).toEqual(['behind', 'best', 'tied'])
})

test('the interval is Student’s, as everywhere: two standard errors are too narrow for three seeds', () => {
  // Differences 1, 2, 3: mean 2, standard error .577; 2 of them are 1.15, t(2) = 4.30 of them 2.48.
  expect(standings([column([1, 2, 3]), column([0, 0, 0])])).toEqual(['tied', 'best'])
})

test('the same numbers are all lowest; with one seed all others are behind', () => {
  expect(standings([column([2]), column([1]), column([1])])).toEqual(['behind', 'best', 'best'])
  expect(standings([column([2, 3]), column([2, 3])])).toEqual(['best', 'best'])
})

test('columns without a common seed are not told apart, and a diverged one is behind', () => {
  expect(standings([column([1, 1]), column([2, 2], 7), column([Infinity, 1])])).toEqual([
    'best',
    'tied',
    'behind',
  ])
  // One seed in common: no interval, whatever else each has been run on.
  expect(standings([column([1, 1]), column([2, 2], 1)])).toEqual(['best', 'tied'])
  expect(standings([column([Infinity])])).toEqual(['behind'])
})
