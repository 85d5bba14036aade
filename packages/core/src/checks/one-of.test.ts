import { expect, it } from 'vitest'
import { oneOf } from './one-of.js'

const size = (value: unknown) => oneOf('size', value, [true, false, 'small'])

it('passes on what is one of the values', () => {
  for (const value of [true, false, 'small']) expect(size(value)).toBe(value)
})

it('refuses all else by name, also what only looks or counts like one of them', () => {
  for (const [value, found] of [
    ['big', "'big'"],
    ['true', "'true'"],
    [1, '1'],
    [0, '0'],
    [null, 'null'],
    [undefined, 'undefined'],
  ])
    expect(() => size(value)).toThrow(`size: expected true, false or 'small', found ${String(found)}`)
  expect(() => oneOf('mode', 'x', ['fast'])).toThrow("mode: expected 'fast', found 'x'")
})
