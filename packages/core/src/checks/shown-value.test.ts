import { expect, it } from 'vitest'
import { shownValue } from './shown-value.js'

it.each([
  ['10', "the text '10'"],
  [10, '10'],
  [Number.NaN, 'NaN'],
  [null, 'null'],
  [undefined, 'undefined'],
  [true, 'true'],
  [[0, 1], '[0, 1]'],
  [{ axis: 0 }, 'an object'],
  [() => 0, 'a function'],
])('says %o as %s', (value, words) => {
  expect(shownValue(value)).toBe(words)
})
