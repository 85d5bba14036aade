import { expect, test } from 'vitest'
import { clock, meanAndSpread, rate, significant } from './number-text.js'

test.each([
  [0.010234, '0.0102'],
  [0.00102, '0.00102'],
  [0.000999, '9.99e-4'],
  [-0.5, '-0.500'],
  [0, '0'],
  [31234, '31234'],
  [12.345, '12.3'],
  [1.5e8, '1.50e+8'],
  [Infinity, 'Infinity'],
  [null, '–'],
])('%d has the digits that matter: %s', (value, text) => expect(significant(value)).toBe(text))

test('a mean with its spread, or alone', () => {
  expect(meanAndSpread(0.0102, 0.00291)).toBe('0.0102 ± 0.0029')
  expect(meanAndSpread(0.0102, null)).toBe('0.0102')
})

test.each([
  [940, '940'],
  [999.4, '999'],
  [999.6, '1.00k'],
  [31234, '31.2k'],
  [999_600, '1.00M'],
  [1_050_000, '1.05M'],
])('a rate of %d: %s', (value, text) => expect(rate(value)).toBe(text))

test.each([
  [41, '00:41'],
  [59.6, '01:00'],
  [725, '12:05'],
  [3727, '1:02:07'],
  [Infinity, '--:--'],
  [-3, '00:00'],
])('%d seconds: %s', (value, text) => expect(clock(value)).toBe(text))
