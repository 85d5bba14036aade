import { expect, it } from 'vitest'
import { ulpDistance, ulpSteps } from './ulp-distance.js'

it('steps from number to number', () => {
  expect([ulpSteps(1, 1), ulpSteps(1, -1), ulpSteps(0, -1)]).toEqual([
    1 + 2 ** -23,
    1 - 2 ** -24,
    -(2 ** -149),
  ])
  expect([ulpSteps(3.4028234663852886e38, 1), ulpSteps(-Infinity, 3), ulpSteps(2 ** -149, -1)]).toEqual([
    Infinity,
    -Infinity,
    0,
  ])
  expect([ulpDistance(0, -0), ulpDistance(-(2 ** -149), 2 ** -149), ulpDistance(NaN, 1)]).toEqual([
    0,
    2,
    Infinity,
  ])
})
