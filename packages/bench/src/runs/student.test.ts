// Quantiles against the printed table, and against closed forms.

import { expect, test } from 'vitest'
import { studentQuantile } from './student.js'

test('quantiles of 95 % are those of the printed tables', () => {
  const table = {
    1: 12.706,
    2: 4.303,
    3: 3.182,
    4: 2.776,
    5: 2.571,
    9: 2.262,
    10: 2.228,
    30: 2.042,
    100: 1.984,
  }
  for (const [freedom, value] of Object.entries(table))
    expect(studentQuantile(0.95, Number(freedom))).toBeCloseTo(value, 3)
})

test('one degree of freedom is Cauchy’s distribution, two have a closed form', () => {
  for (const inside of [0.1, 0.5, 0.99]) {
    expect(studentQuantile(inside, 1)).toBeCloseTo(Math.tan((inside * Math.PI) / 2), 9)
    expect(studentQuantile(inside, 2)).toBeCloseTo(inside * Math.sqrt(2 / (1 - inside * inside)), 9)
  }
})

test('refuses what is no probability, and no freedom', () => {
  expect(() => studentQuantile(1, 3)).toThrow('inside: expected a number between 0 and 1, found 1')
  expect(() => studentQuantile(0.95, 0)).toThrow('freedom: expected a whole number from 1, found 0')
})
