import { castNearest } from '@lotion/core'
import { checkFormat } from '@lotion/core/internal'
import { expect, it } from 'vitest'
import { builtInFormats } from './by-name.js'
import { int4 } from './int4.js'

it('takes every format', () => {
  for (const format of builtInFormats) checkFormat('format', format)
})

it('refuses what is none, and says what to write', () => {
  expect(() => checkFormat('qat: format', 'int4')).toThrow(
    "qat: format: expected a number format, found the text 'int4'; give the record: formatByName('int4'), or import it",
  )
  for (const [format, found] of [
    [undefined, 'undefined'],
    [null, 'null'],
    [4, '4'],
    [() => int4, 'a function'],
    [{ ...int4, grid: [1, 2] }, 'an object that is none'],
    [{ ...int4, scale: 'absmax' }, 'an object that is none'],
    [{ ...int4, block: 32 }, 'an object that is none'],
  ] as readonly (readonly [unknown, string])[])
    expect(() => checkFormat('format', format)).toThrow(
      `format: expected a number format, found ${found}; import one from @lotion/formats, such as int4`,
    )
  expect(() => castNearest('int4' as never)).toThrow('castNearest: format: expected a number format')
})
