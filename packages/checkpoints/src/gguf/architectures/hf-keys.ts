// Keys of a config.json, of which nothing may be passed over. Comes in: the parsed file. Goes out: values by
// key; what nobody asked for is refused.

import { shownValue } from '@lotion/core/internal'

/** Values of a config.json. */
export interface HfKeys {
  has(key: string): boolean
  /** A whole number of at least 1. @throws RangeError naming the key. */
  whole(key: string, fallback?: number): number
  /** A positive finite number. @throws RangeError naming the key. */
  number(key: string, fallback?: number): number
  /** An object, or nothing where the key is missing or null. @throws RangeError naming the key. */
  record(key: string): HfKeys | undefined
  /** Refuse another value than these, if there is one: what it would ask for is not done. */
  expect(key: string, ...allowed: readonly unknown[]): void
  /** A text. @throws RangeError naming the key. */
  text(key: string, fallback?: string): string
  /** Keys that do not touch the numbers. */
  ignore(...keys: readonly string[]): void
  /** @throws RangeError naming a key that nothing asked for. */
  refuseOthers(): void
}

/** Watch over the keys of a configuration; `where` is its name in messages. */
export function hfKeys(config: Readonly<Record<string, unknown>>, where = 'config.json'): HfKeys {
  const asked = new Set<string>()
  const expected = (key: string, what: string, found: unknown): never => {
    throw new RangeError(
      `${where}: '${key}': expected ${what}, found ${found === undefined ? 'nothing' : shownValue(found)}`,
    )
  }
  const valueOf = (key: string, fallback?: unknown): unknown => {
    asked.add(key)
    return (Object.hasOwn(config, key) ? config[key] : undefined) ?? fallback
  }
  return {
    has: (key) => valueOf(key) !== undefined,
    whole(key, fallback) {
      const value = valueOf(key, fallback)
      if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value
      return expected(key, 'a whole number of at least 1', value)
    },
    number(key, fallback) {
      const value = valueOf(key, fallback)
      if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value
      return expected(key, 'a positive finite number', value)
    },
    text(key, fallback) {
      const value = valueOf(key, fallback)
      return typeof value === 'string' ? value : expected(key, 'a text', value)
    },
    record(key) {
      const value = valueOf(key)
      if (value === undefined) return undefined
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        return expected(key, 'an object', value)
      return hfKeys(value as Readonly<Record<string, unknown>>, `${where}: '${key}'`)
    },
    expect(key, ...allowed) {
      const value = valueOf(key)
      if (value !== undefined && !allowed.includes(value))
        expected(key, allowed.map((each) => JSON.stringify(each)).join(' or '), value)
    },
    ignore: (...keys) => keys.forEach((key) => asked.add(key)),
    refuseOthers() {
      const other = Object.keys(config).find((key) => !asked.has(key))
      if (other !== undefined)
        throw new RangeError(
          `${where}: '${other}': expected nothing more than what a GGUF file has a place for, found ${shownValue(config[other])}`,
        )
    },
  }
}
