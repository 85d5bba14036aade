import { expect, test } from 'vitest'
import { isAbsent, optional } from './optional-package.js'

const failure = (message: string, code = 'ERR_MODULE_NOT_FOUND') =>
  Object.assign(new Error(message), { code })

test.each([
  ['Node and Bun', "Cannot find package '@lotion/none' imported from /a/b.js"],
  ['Deno, from a package', "Could not find package '@lotion/none' from referrer 'file:///a/b.js'."],
  ['Deno, from a program', 'Import "@lotion/none/sub" not a dependency'],
])('a package that is not installed is absent in the words of %s', (_, message) => {
  expect(isAbsent('@lotion/none/sub', failure(message))).toBe(true)
})

test.each([
  [
    'lacks another package',
    failure("Cannot find package 'zod' imported from /node_modules/@lotion/none/a.js"),
  ],
  ['lacks a file', failure("Cannot find module '/node_modules/@lotion/none/a.js' imported from /b.js")],
  [
    'has no such entry',
    failure("Package subpath './sub' is not defined by '@lotion/none'", 'ERR_PACKAGE_PATH_NOT_EXPORTED'),
  ],
  ['fails by itself', new Error("'@lotion/none' fails")],
])('a package that is there and %s is not', (_, error) => {
  expect(isAbsent('@lotion/none/sub', error)).toBe(false)
})

test('an absent package is nothing', async () => {
  expect(await optional('@lotion/not-there-at-all/sub')).toBeUndefined()
})
