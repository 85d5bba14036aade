import { expect, test } from 'vitest'
import { pairedDifference, seedsText } from './paired.js'

test('mean, standard error, interval, and on how many seeds it is lower, the same, higher', () => {
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
  // Differences −1, −2, 0: mean −1, variance 1, error 1/√3; t(2) = 4.302653.
  const found = pairedDifference(own, other)!
  expect(found).toEqual({
    seeds: 3,
    diverged: 0,
    otherDiverged: 0,
    mean: -1,
    error: 1 / Math.sqrt(3),
    half: expect.closeTo(4.3026527 / Math.sqrt(3), 6) as number,
    isApart: false,
    better: 2,
    equal: 1,
    worse: 0,
  })
  expect(seedsText(found)).toBe('the same on 1, lower on 2 of 3 seeds')
})

test('whoever diverged on a seed loses it, however well it did on the others', () => {
  const other = new Map([
    [0, 2],
    [1, 4],
    [2, 6],
  ])
  const own = new Map([
    [0, 1],
    [1, 3],
    [2, Infinity],
  ])
  const lost = {
    seeds: 3,
    diverged: 1,
    otherDiverged: 0,
    mean: Infinity,
    error: null,
    half: null,
    isApart: true,
    better: 2,
    equal: 0,
    worse: 1,
  }
  expect(pairedDifference(own, other)).toEqual(lost)
  expect(seedsText(pairedDifference(own, other)!)).toBe('higher on 1, lower on 2 of 3 seeds')
  expect(pairedDifference(other, own)).toEqual({
    ...lost,
    diverged: 0,
    otherDiverged: 1,
    mean: -Infinity,
    better: 1,
    worse: 2,
  })
  // Each on a seed of its own: which of them that speaks for is not known.
  expect(pairedDifference(own, new Map([...other, [0, Infinity]]))).toMatchObject({
    seeds: 3,
    diverged: 1,
    otherDiverged: 1,
    mean: NaN,
    half: null,
    isApart: false,
  })
})

test('a seed on which both diverged, or one has no such loss, is left out; one seed has no error; none has no difference', () => {
  const own = new Map([
    [0, Infinity],
    [1, 3],
    [2, NaN],
  ])
  const other = new Map([
    [0, Infinity],
    [1, 2],
    [2, 1],
  ])
  const one = pairedDifference(own, other)!
  expect(one).toEqual({
    seeds: 1,
    diverged: 0,
    otherDiverged: 0,
    mean: 1,
    error: null,
    half: null,
    isApart: false,
    better: 0,
    equal: 0,
    worse: 1,
  })
  expect(seedsText(one)).toBe('higher on 1 of 1 seed')
  expect(pairedDifference(own, new Map([[0, 1]]))).toMatchObject({ diverged: 1, isApart: false })
  expect(pairedDifference(own, new Map([[0, Infinity]]))).toBeUndefined()
  expect(pairedDifference(own, new Map())).toBeUndefined()
})
