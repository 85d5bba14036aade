import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonCursor, type JsonCursor } from './json-cursor.js'

const at = (text: string): JsonCursor => jsonCursor(Buffer.from(text))

/** Read what has only objects, arrays, texts, whole numbers and null in it. */
function value(json: JsonCursor): unknown {
  const kind = json.kind()
  if (kind === 'null') {
    json.null()
    return null
  }
  if (kind === 'string') return json.string()
  if (kind === 'number') return json.wholeNumber()
  if (kind === 'array') {
    const list: unknown[] = []
    json.elements(() => list.push(value(json)))
    return list
  }
  const entries: [string, unknown][] = []
  json.members((key) => entries.push([key, value(json)]))
  return Object.fromEntries(entries)
}

function whole(text: string): unknown {
  const json = at(text)
  const found = value(json)
  json.end()
  return found
}

const texts = fc.string({ unit: 'binary' })
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    texts,
    fc.maxSafeNat(),
    fc.array(tie('tree')),
    fc.dictionary(texts, tie('tree')),
  ),
}))

describe('a cursor over JSON', () => {
  test('reads what JSON.stringify writes, with spaces or without', () => {
    fc.assert(
      fc.property(tree, fc.constantFrom(undefined, 1, '\t'), (data, spaces) => {
        const text = JSON.stringify(data, undefined, spaces)
        expect(whole(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  test('passes over what JSON.parse reads, and over nothing else', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b\\u0041"',
      '1',
      '-0.5e+3',
      '01',
      '1.',
      'true',
      'null',
      'nul',
      ' ',
      '"',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 9 }), (parts) => {
        const text = parts.join('')
        const expected = ((): boolean => {
          try {
            JSON.parse(text)
            return true
          } catch {
            return false
          }
        })()
        const found = ((): boolean | string => {
          try {
            const json = at(text)
            json.skip(9)
            json.end()
            return true
          } catch (error) {
            return /twice/.test(String(error)) ? 'twice' : false
          }
        })()
        if (found !== 'twice') expect([text, found]).toEqual([text, expected])
      }),
      { numRuns: 3000 },
    )
  })

  test.each([
    ['{"a":1', /expected '}', found its end/],
    ['{"a', /found its end/],
    ['{"a\\', /an escape/],
    ['{"a" 1}', /expected ':'/],
    ['{"a":1,}', /expected a key/],
    ['{a:1}', /expected a key/],
    ['"\\ud800"', /no half of a surrogate pair/],
    ['"\\ud800\\u0041"', /no half of a surrogate pair/],
    ['"\\udc00"', /no half of a surrogate pair/],
    ['"\\u12"', /four hexadecimal digits/],
    ['"\\x"', /an escape/],
    ['"\n"', /no control character/],
    ['2.0', /a whole number, written as digits, found "2.0"/],
    ['2e0', /a whole number, written as digits/],
    ['-1', /a whole number, written as digits/],
    ['007', /a whole number, written as digits/],
    ['9007199254740992', /up to 9007199254740991/],
    [`1${'0'.repeat(400)}`, /up to 9007199254740991/],
    ['', /./],
  ])('refuses %.40s', (text, message) => {
    expect(() => whole(text)).toThrow(message)
  })

  test('refuses a key twice, in whatever spelling, and what nests deeper than is said', () => {
    const skip = (text: string, depth: number): void => at(text).skip(depth)
    expect(() => skip('{"b":{"x":1,"y":[{"x":1,"\\u0078" : 2}]}}', 9)).toThrow(/found "x" twice/)
    expect(() => skip('[[[[1]]]]', 3)).toThrow(/fewer levels of nesting/)
    expect(() => skip('['.repeat(1_000_000), 3)).toThrow(/fewer levels of nesting/)
    expect(() => skip('{"a":{"x":1},"b":{"x":[[]]}}', 4)).not.toThrow()
  })

  test('refuses bytes that are no UTF-8', () => {
    expect(() => jsonCursor(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(/not valid UTF-8/)
    expect(() => jsonCursor(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22))).toThrow(/not valid UTF-8/)
  })

  test('takes a text of any length', () => {
    const long = 'x'.repeat(20_000_000)
    expect(whole(JSON.stringify(long))).toBe(long)
  })
})
