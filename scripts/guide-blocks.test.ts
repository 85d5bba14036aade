import { expect, it } from 'vitest'
import { beginning, notPrinted, shownCode, toldCommands } from './guide-blocks.mjs'

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
    '```text status 1',
    '$ verify c',
    '```',
  ].join('\n')
  expect(toldCommands(page)).toEqual([
    { command: 'new a\nverify a\n', status: 0, line: 1 },
    { command: 'verify b', status: 0, shown: ['noise b', '…'], line: 9 },
    { command: 'verify c', status: 1, shown: [], line: 17 },
  ])
})

it('takes the lines that make a run, and no others', () => {
  const made =
    'mkdir -p my && cat docs/*.md > my/notes.txt && cd my\nlotion -- train --data notes.txt --out mine\n'
  expect(beginning(`${made}lotion -- export mine\ncd my\nlotion -- train again\n`)).toBe(made)
  expect(beginning(made)).toBe(made)
  expect(beginning(made.replace('train', 'eval'))).toBeUndefined()
  expect(beginning(made.replace(' && cd my', ''))).toBeUndefined()
  expect(beginning(`lotion -- runs\n${made}`)).toBeUndefined()
})

it('lists all code that a page shows', () => {
  const page = ['```sh no-run', 'npm start', '```', '```ts from ../a.ts', 'let x', '```'].join('\n')
  expect(shownCode(page)).toEqual(['npm start\n', 'let x\n'])
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
