import { expect, it } from 'vitest'
import { notPrinted, toldCommands } from './guide-blocks.mjs'

it('takes what a reader types, in order', () => {
  const page = [
    '```sh',
    'new a',
    'verify a',
    '```',
    'text',
    '```sh no-run',
    'npm start',
    '```',
    '```text',
    '$ verify b',
    'noise b',
    '…',
    '```',
    '```text',
    'no command',
    '```',
  ].join('\n')
  expect(toldCommands(page)).toEqual([
    { command: 'new a\nverify a\n', line: 1 },
    { command: 'verify b', shown: ['noise b', '…'], line: 9 },
  ])
})

it.each([
  [['a', 'b', 'c'], undefined],
  [['a', '…', 'c'], undefined],
  [['…', 'c'], undefined],
  [['a', '…'], undefined],
  [['a…', 'b', 'c'], undefined],
  [['a', 'c'], 'c'],
  [['…', 'd'], 'd'],
  [['…', 'c', 'b'], 'b'],
  [['a', 'b'], 'the end of what is printed'],
])('%j of a, b, c: %s', (shown, missing) => {
  expect(notPrinted(shown, 'a\nb\nc\n')).toBe(missing)
})
