// Keys of a config.json as a table. Comes in: readers, keys with one possible value, keys that do not touch
// the numbers, and the parsed file. Goes out: what the readers made of it, or an error that names the key. No
// key is passed over in silence.

import { nearestName, shownValue } from '@lotion/core/internal'

/** Reads the value of a key, `undefined` where it is missing; throws what it expected. */
export type KeyReader<T> = (value: unknown) => T

/** Readers by key. */
export type KeyReaders = Readonly<Record<string, KeyReader<unknown>>>

/** What readers make of a file. */
export type KeyValues<K extends KeyReaders> = { readonly [Key in keyof K]: ReturnType<K[Key]> }

/** The keys that an architecture knows. */
export interface KeyTable<K extends KeyReaders> {
  /** Those that decide what is computed. */
  readonly keys: K
  /** Those that may have these values alone, as JSON, or be missing. */
  readonly fixed: Readonly<Record<string, readonly unknown[]>>
  /** Probabilities of dropout: without effect on a model's logits; a training has its own. */
  readonly dropout: readonly string[]
  /** Those that do not touch the numbers. */
  readonly ignored: readonly string[]
}

/** What a reader did not find; `readKeys` puts the key before it. */
class Unexpected extends Error {}

/** Throw what was expected of a value. */
export function unexpected(expected: string, found: unknown): never {
  throw new Unexpected(`expected ${expected}, found ${found === undefined ? 'nothing' : shownValue(found)}`)
}

/** A whole number of at least 1; without a default the key must be there. */
export const count =
  (otherwise?: number): KeyReader<number> =>
  (value = otherwise) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 1
      ? value
      : unexpected('a whole number of at least 1', value)

/** The same, or null where it is missing or null. */
export const countOrNull: KeyReader<number | null> = (value) =>
  value === undefined || value === null ? null : count()(value)

/** The same, but the key must be there: classes differ in what they take where it is missing. */
export const givenCountOrNull: KeyReader<number | null> = (value) => (value === null ? null : count()(value))

/** A positive finite number. */
export const amount =
  (otherwise: number): KeyReader<number> =>
  (value = otherwise) =>
    typeof value === 'number' && Number.isFinite(value) && value > 0
      ? value
      : unexpected('a positive finite number', value)

/** True or false. */
export const flag =
  (otherwise: boolean): KeyReader<boolean> =>
  (value = otherwise) =>
    typeof value === 'boolean' ? value : unexpected('true or false', value)

/** Whatever is there, for a check that needs other keys. */
export const anything: KeyReader<unknown> = (value) => value

/** Run a reader for a key. @throws RangeError naming the key. */
export function readKey<T>(key: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof Unexpected || error instanceof RangeError)
      throw new RangeError(`config.json: '${key}': ${error.message}`, { cause: error })
    throw error
  }
}

/**
 * Read a parsed config.json by a table.
 * @returns Values by key, and what the file says that is not done.
 * @throws RangeError naming the first key that is unknown or has a value that is not supported.
 */
export function readKeys<K extends KeyReaders>(
  architecture: string,
  table: KeyTable<K>,
  config: Readonly<Record<string, unknown>>,
): { readonly values: KeyValues<K>; readonly warnings: readonly string[] } {
  const { keys, fixed, dropout, ignored } = table
  const known = [...Object.keys(keys), ...Object.keys(fixed), ...dropout, ...ignored]
  const stray = Object.keys(config).filter((key) => !known.includes(key))
  const first = stray[0]
  if (first !== undefined) {
    const nearest = nearestName(first, known)
    const more = stray.length > 1 ? `; unknown too: ${stray.slice(1, 4).join(', ')}` : ''
    const left = stray.length > 4 ? ` and ${stray.length - 4} more` : ''
    const hint = nearest === undefined ? '' : `did you mean '${nearest}'? `
    throw new RangeError(
      `config.json: '${first}': expected nothing of that name, found ${shownValue(config[first])}; ${hint}` +
        `${architecture} is not known to have it, and leaving it out could change the numbers: ` +
        `delete the key if it does not${more}${left}`,
    )
  }
  for (const [key, allowed] of Object.entries(fixed)) {
    const value = config[key]
    if (value === undefined || allowed.some((one) => JSON.stringify(one) === JSON.stringify(value))) continue
    readKey(key, () => unexpected(allowed.map((one) => JSON.stringify(one)).join(' or '), value))
  }
  const values = Object.fromEntries(
    Object.entries(keys).map(([key, read]) => [key, readKey(key, () => read(config[key]))]),
  ) as KeyValues<K>
  const warnings = dropout.flatMap((key) => {
    const value = config[key] ?? 0
    if (value === 0) return []
    return [
      `config.json: '${key}' = ${shownValue(value)}: dropout is taken from the options of a training alone; the logits are the same`,
    ]
  })
  return { values, warnings }
}
