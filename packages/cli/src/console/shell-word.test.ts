import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { inTurn, shellWord } from './shell-word.js'

test
  .skipIf(process.platform === 'win32')
  .each(['plain/path-1.ts', 'My First', "it's", '$HOME', 'a;b', '', '~', 'a\nb', '*', '"'])(
  'a shell takes %j as one word',
  (text) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text)
  },
)

test('PowerShell has its own quotes and no &&', () => {
  expect(shellWord('My First', 'win32')).toBe("'My First'")
  expect(shellWord("it's $HOME", 'win32')).toBe("'it''s $HOME'")
  expect(shellWord(String.raw`..\lotion`, 'win32')).toBe(String.raw`..\lotion`)
  expect([inTurn(['a', 'b'], 'win32'), inTurn(['a', 'b'], 'linux')]).toEqual(['a; b', 'a && b'])
})
