import { expect, test } from 'vitest'
import type { z } from 'zod'
import { blockValue, listOf, maybe, oneOf, realNumber, wholeNumber, wordOr } from './option-values.js'

/** The value, or the message that would be shown. */
function read(schema: z.ZodType, text: unknown): unknown {
  const result = schema.safeParse(text)
  return result.success ? result.data : result.error.issues[0]!.message
}

test.each([
  ['12', 12],
  ['1e3', 1000],
  ['0', "expected a whole number from 1 up to 5000, found '0'"],
  ['5001', "expected a whole number from 1 up to 5000, found '5001'"],
  ['2.5', "expected a whole number from 1 up to 5000, found '2.5'"],
  ['0x10', "expected a whole number from 1 up to 5000, found '0x10'"],
  ['', "expected a whole number from 1 up to 5000, found ''"],
  ['NaN', "expected a whole number from 1 up to 5000, found 'NaN'"],
])('a whole number: %j', (text, expected) =>
  expect(read(wholeNumber({ min: 1, max: 5000 }), text)).toBe(expected),
)

test.each([
  ['.5', 0.5],
  ['1e-2', 0.01],
  ['0', "expected a number above 0, found '0'"],
  ['-1', "expected a number above 0, found '-1'"],
  ['1e999', "expected a number above 0, found '1e999'"],
  ['Infinity', "expected a number above 0, found 'Infinity'"],
  [' 1', "expected a number above 0, found ' 1'"],
])('a number: %j', (text, expected) => expect(read(realNumber({ above: 0 }), text)).toBe(expected))

test('seeds reach 2^53 − 1 and no further, where whole numbers stop being exact', () => {
  expect(read(wholeNumber(), '9007199254740991')).toBe(2 ** 53 - 1)
  expect(read(wholeNumber(), '9007199254740993')).toBe("expected a whole number, found '9007199254740993'")
})

test('names, one or several', () => {
  expect(read(oneOf(['a', 'b']), 'b')).toBe('b')
  expect(read(oneOf(['F16', 'BF16']), 'bf16')).toBe('BF16')
  expect(read(oneOf(['a', 'b']), 'toString')).toBe("expected one of a, b, found 'toString'")
  expect(read(listOf(['a', 'b', 'c']), 'c, a')).toEqual(['c', 'a'])
  expect(read(listOf(['a', 'b']), 'a,x')).toBe("expected some of a, b, found 'x'")
  expect(read(listOf(['a', 'b']), '')).toBe("expected some of a, b, found ''")
  expect(read(listOf(['a', 'b']), 'a,a')).toBe("expected each name once, found 'a' twice")
})

test('a word or something else', () => {
  const schema = wordOr('full', wholeNumber({ min: 1 }))
  expect(read(schema, 'full')).toBe('full')
  expect(read(schema, 'Full')).toBe('full')
  expect(read(schema, 'ful')).toBe(
    "expected 'full' or a whole number from 1, found 'ful'; did you mean 'full'?",
  )
  expect(read(schema, '32')).toBe(32)
  expect(read(schema, 'half')).toBe("expected 'full' or a whole number from 1, found 'half'")
})

test('blocks', () => {
  for (const [text, name] of [
    ['row', 'row'],
    ['tensor', 'tensor'],
    ['ROW', 'row'],
    ['Tensor', 'tensor'],
    ['032', '32'],
  ] as const)
    expect(read(blockValue, text)).toBe(name)
  expect(read(blockValue, 'rows')).toBe(
    "expected a positive whole number, 'row' or 'tensor', found 'rows'; did you mean 'row'?",
  )
})

test('an option that is not given', () => {
  expect(read(maybe(realNumber()), undefined)).toBeUndefined()
  expect(read(maybe(realNumber()), 'x')).toBe("expected a number, found 'x'")
})
