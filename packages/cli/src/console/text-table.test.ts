import { expect, test } from 'vitest'
import { textTable, wantsPlain } from './text-table.js'

test('a terminal gets a frame; a pipe, NO_COLOR or a dumb terminal do not', () => {
  const options = { head: ['a', 'b'], rows: [['x', '1']], strong: [0] }
  expect(textTable({ ...options, plain: false })).toMatch(/┌.*┐[^]*│.*x.*│/)
  expect(textTable({ ...options, plain: true })).toBe('a  b\nx  1\n')
  expect(wantsPlain({ isTTY: true }, {})).toBe(false)
  expect(wantsPlain({ isTTY: true }, { NO_COLOR: '1' })).toBe(true)
  expect(wantsPlain({ isTTY: true }, { TERM: 'dumb' })).toBe(true)
  expect(wantsPlain({}, {})).toBe(true)
})
