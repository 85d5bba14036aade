import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseStrictJson } from './strict-json.js'

describe('parseStrictJson', () => {
  test('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value)
        expect(parseStrictJson(text, 20)).toEqual(JSON.parse(text))
      }),
    )
  })

  test.each([
    ['{"a":1,"a":2}', /found "a" twice/],
    ['{"a":1,"\\u0061" : 2}', /found "a" twice/],
    ['{"b":{"x":1,"y":[{"x":1,"x":2}]}}', /found "x" twice/],
    ['[[[[1]]]]', /at most 3 levels of nesting/],
    ['['.repeat(1_000_000), /at most 3 levels of nesting/],
    ['{"a":1', /JSON/],
    ['{"a', /JSON/],
    ['{"a\\', /JSON/],
    ['{"a" 1}', /JSON/],
    ['', /JSON/],
  ])('refuses %.40s', (text, message) => {
    expect(() => parseStrictJson(text, text.includes('"y"') ? 9 : 3)).toThrow(message)
  })

  test.each([
    '{"a":{"x":1},"b":{"x":1}}',
    '{"a":"a","b":"a"}',
    '[{"a":1},{"a":1}]',
    '{"a:\\"b":1,"a:":2}',
    '{"k":"[[[["}',
  ])('allows %s', (text) => {
    expect(parseStrictJson(text, 3)).toEqual(JSON.parse(text))
  })

  test('takes a string of any length', () => {
    const long = 'x'.repeat(20_000_000)
    expect(parseStrictJson(JSON.stringify({ [long]: '' }), 1)).toHaveProperty(long)
  })
})
