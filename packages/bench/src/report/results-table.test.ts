import { expect, test } from 'vitest'
import { resultsTable, type ResultsRow } from './results-table.js'
import { textTable, wantsPlain } from '@lotion/cli'

const row = (method: string, nearest: number, tokensPerSecond = 31_200): ResultsRow => ({
  method,
  fullPrecision: 1.5,
  nearest,
  randomized: 1.75,
  casts: 8,
  timing: { tokensPerSecond },
})

test('one line a method, in the order of the runs', () => {
  expect(resultsTable([row('ptq', 1.6), row('lotion', 1.55, 28_000)], { plain: true })).toBe(
    [
      'method  full precision  nearest  mean of 8 roundings  tokens/s',
      'ptq             1.5000   1.6000               1.7500     31.2k',
      'lotion          1.5000   1.5500               1.7500     28.0k',
      '',
    ].join('\n'),
  )
})

test('several seeds of a method become mean ± sample standard deviation', () => {
  // 1.6 and 1.8: mean 1.7, |a − b| / √2 = .1414.
  const lines = resultsTable([row('qat', 1.6), row('qat', 1.8)], { plain: true }).split('\n')
  expect(lines[1]).toMatch(/^qat +1\.5000 ± 0\.0000 +1\.7000 ± 0\.1414 +1\.7500 ± 0\.0000 +31\.2k$/)
})

test('a terminal gets a frame; a pipe, NO_COLOR or a dumb terminal do not', () => {
  const options = { head: ['a', 'b'], rows: [['x', '1']], strong: [0] }
  expect(textTable({ ...options, plain: false })).toMatch(/┌.*┐[^]*│.*x.*│/)
  expect(textTable({ ...options, plain: true })).toBe('a  b\nx  1\n')
  expect(wantsPlain({ isTTY: true }, {})).toBe(false)
  expect(wantsPlain({ isTTY: true }, { NO_COLOR: '1' })).toBe(true)
  expect(wantsPlain({ isTTY: true }, { TERM: 'dumb' })).toBe(true)
  expect(wantsPlain({}, {})).toBe(true)
})
