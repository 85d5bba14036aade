import { expect, test } from 'vitest'
import { pairedDifference } from './paired.js'

test('mean, standard error and wins over the seeds that both have', () => {
  const own = new Map([
    [0, 1],
    [1, 2],
    [2, 6],
    [7, 100],
  ])
  const other = new Map([
    [0, 2],
    [1, 4],
    [2, 6],
    [9, 0],
  ])
  // Differences −1, −2, 0: mean −1, variance 1, error 1/√3.
  expect(pairedDifference(own, other)).toEqual({ seeds: 3, mean: -1, error: 1 / Math.sqrt(3), wins: 2 })
})

test('a seed that diverged in either is left out; one seed has no error; none has no difference', () => {
  const own = new Map([
    [0, Infinity],
    [1, 3],
  ])
  expect(pairedDifference(own, new Map([[1, 2]]))).toEqual({ seeds: 1, mean: 1, error: null, wins: 0 })
  expect(pairedDifference(own, new Map([[0, 1]]))).toBeUndefined()
  expect(pairedDifference(own, new Map())).toBeUndefined()
})
