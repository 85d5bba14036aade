import { stripVTControlCharacters } from 'node:util'
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

const table = {
  head: ['name', 'loss'],
  rows: [
    ['lotion', '0.25'],
    ['ptq', '1.5'],
  ],
}
const shown = (width?: number, plain = false) =>
  stripVTControlCharacters(textTable({ ...table, plain, width }))

test('a table that fits has its frame; one that does not loses it, then folds, a block of lines a row', () => {
  const framed = shown(40)
  expect(framed).toMatch(/^┌─+┬─+┐\n│ name +│ loss │\n/)
  const width = framed.split('\n')[0]!.length
  expect(shown(width)).toBe(framed)
  const bare = 'name    loss\nlotion  0.25\nptq      1.5\n'
  expect(shown(width - 1)).toBe(bare)
  expect(shown(12)).toBe(bare)
  expect(shown(11)).toBe('name  lotion\nloss  0.25\n\nname  ptq\nloss  1.5\n')
  expect(shown(12, true)).toBe(bare)
  expect(shown(11, true)).toBe('name  lotion\nloss  0.25\n\nname  ptq\nloss  1.5\n')
})

test('where nobody says how wide it is, a plain table is as wide as it is', () => {
  expect(shown(undefined, true)).toBe('name    loss\nlotion  0.25\nptq      1.5\n')
})
