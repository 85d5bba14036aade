// The record that a `define…` is given, from code without types. Comes in: what was given, and the types of
// its members. Goes out: nothing, or an error that names the member.

import type { Member } from './is-plugin.js'
import { refuseUnknownKeys } from './refuse-unknown-keys.js'
import { shownValue } from './shown-value.js'

type Optional = `${Member | 'boolean' | 'number or object'} or undefined`

/** What `typeof` may say of every member, in words. */
export type MemberTypes<T> = Readonly<Record<keyof Required<T>, Member | Optional>>

/**
 * Check a record before it is made a plug-in; `maker` is who makes it.
 * @throws TypeError naming the record or, where it has no name, its maker; the member, what was expected and
 * found.
 */
export function checkRecord<T extends { readonly name: string }>(
  maker: string,
  record: T,
  types: MemberTypes<T>,
): void {
  const given: Readonly<Record<string, unknown>> = Object(record)
  const what = typeof given['name'] === 'string' ? given['name'] : maker
  refuseUnknownKeys(what, given, types)
  for (const [key, type] of Object.entries<string>(types)) {
    const value = given[key]
    if (value === null || !type.includes(typeof value))
      throw new TypeError(`${what}: ${key}: expected ${type}, found ${shownValue(value)}`)
  }
}
