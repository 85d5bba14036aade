import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { inTurn, shellWord } from './shell-word.js'

test.each(['plain/path-1.ts', 'My First', "it's", '$HOME', 'a;b', '', '~', 'a\nb', '*', '"'])(
  'a shell takes %j as one word',
  (text) => {
    const [file, flag] = process.platform === 'win32' ? (['cmd', '/c'] as const) : (['sh', '-c'] as const)
    if (process.platform === 'win32') return
    expect(execFileSync(file, [flag, `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text)
  },
)

test('Windows has its own quotes and no &&', () => {
  expect(shellWord('My First', 'win32')).toBe('"My First"')
  expect(shellWord(String.raw`..\lotion`, 'win32')).toBe(String.raw`..\lotion`)
  expect([inTurn(['a', 'b'], 'win32'), inTurn(['a', 'b'], 'linux')]).toEqual(['a; b', 'a && b'])
})
