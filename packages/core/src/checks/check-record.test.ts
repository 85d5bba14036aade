import { expect, it } from 'vitest'
import { checkRecord } from './check-record.js'

const check = (record: unknown): void =>
  checkRecord('make', record as { name: string; of?: number }, { name: 'string', of: 'number or undefined' })

it('takes a record whose members are what they must be, or left out', () => {
  for (const record of [{ name: 'a' }, { name: 'a', of: 1 }, { name: 'a', of: undefined }]) check(record)
})

it.each([
  [null, 'make: name: expected string, found undefined'],
  ['a', "make: unknown option '0'"],
  [{ of: 1 }, 'make: name: expected string, found undefined'],
  [{ name: 3 }, 'make: name: expected string, found 3'],
  [{ name: 'a', off: 1 }, "a: unknown option 'off', did you mean 'of'?"],
  [{ name: 'a', of: '1' }, "a: of: expected number or undefined, found the text '1'"],
  [{ name: 'a', of: null }, 'a: of: expected number or undefined, found null'],
])('refuses %j', (record, message) => {
  expect(() => check(record)).toThrow(message)
})
