// Metadata of a GGUF file, each as the kind that is expected. Comes in: metadata, a key, a kind. Goes out:
// the value, or an error by the key's name.

import { shownName } from '../shown.js'
import type { GgufValue } from './gguf-values.js'

/** What may be expected of a value, and what it then is. */
export interface GgufKinds {
  /** A text. */
  readonly text: string
  /** A whole number that a double holds. */
  readonly whole: number
  /** Any number that is finite. */
  readonly number: number
  /** True or false. */
  readonly boolean: boolean
  /** Texts, in an array. */
  readonly texts: readonly string[]
  /** Whole numbers, in any array of numbers. */
  readonly wholes: readonly number[]
  /** Numbers that are finite, in any array of numbers. */
  readonly numbers: readonly number[]
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

const numbersOf = (value: GgufValue): readonly unknown[] | undefined =>
  typeof value === 'object' ? Array.from(value as ArrayLike<unknown>) : undefined

/** The elements of an array, if all of them are of a kind. */
function all<T>(value: GgufValue, is: (element: unknown) => element is T): readonly T[] | undefined {
  const elements = numbersOf(value)
  return elements?.every(is) ? elements : undefined
}

/** A value as a kind; nothing if it is none. */
const readers: { readonly [K in keyof GgufKinds]: (value: GgufValue) => GgufKinds[K] | undefined } = {
  text: (value) => (typeof value === 'string' ? value : undefined),
  whole: (value) => (Number.isSafeInteger(value) ? Number(value) : undefined),
  number: (value) => (isNumber(value) ? value : undefined),
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  texts: (value) => all(value, (element): element is string => typeof element === 'string'),
  wholes: (value) => all(value, (element): element is number => Number.isSafeInteger(element)),
  numbers: (value) => all(value, isNumber),
}

const titles: Readonly<Record<keyof GgufKinds, string>> = {
  text: 'text',
  whole: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  texts: 'an array of texts',
  wholes: 'an array of whole numbers',
  numbers: 'an array of numbers',
}

function shown(value: GgufValue | undefined): string {
  if (value === undefined) return 'none'
  if (typeof value === 'string') return shownName(value)
  return typeof value === 'object' ? `an array of ${value.length}` : String(value)
}

/**
 * Read a value of a GGUF file's metadata as the kind that is expected.
 * @param metadata Of the file.
 * @param key Such as `general.architecture`.
 * @param kind What the value must be.
 * @param fallback Where the file has no such key. Default: then it is an error.
 * @throws RangeError naming the key, what was expected and what was found.
 * @example
 * ```ts
 * import { ggufValue } from '@lotion/checkpoints'
 *
 * const metadata = { 'general.architecture': 'llama', 'llama.block_count': 30 }
 * console.log(ggufValue(metadata, 'general.architecture', 'text'))
 * console.log(ggufValue(metadata, 'llama.block_count', 'whole'))
 * console.log(ggufValue(metadata, 'llama.rope.freq_base', 'number', 10_000))
 * ```
 */
export function ggufValue<K extends keyof GgufKinds>(
  metadata: Readonly<Record<string, GgufValue>>,
  key: string,
  kind: K,
  fallback?: GgufKinds[K],
): GgufKinds[K] {
  const value = Object.hasOwn(metadata, key) ? metadata[key] : undefined
  if (value === undefined && fallback !== undefined) return fallback
  const found = value === undefined ? undefined : readers[kind](value)
  if (found === undefined) throw new RangeError(`${key}: expected ${titles[kind]}, found ${shown(value)}`)
  return found
}
